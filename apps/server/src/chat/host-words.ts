import { readFileSync } from 'node:fs'
import { foldText } from './fold-text.ts'
import { TermSet } from './term-set.ts'

/**
 * What the advertising law and its like do not let a seller say: in titles, notices, scripts, and in what the host team writes in the chat.
 * block: may not be said. review: may be said where it is true (a price, a last lot). proof: may be said with a certificate.
 */
export type HostWordAction = 'block' | 'review' | 'proof'

export interface HostWordFinding {
  /** As the list has it. */
  readonly term: string
  readonly group: string
  readonly action: HostWordAction
}

/** Ordinals that count and do not rank: "第一场" is the first show, not the best one. */
const ORDINALS = [...'次场天批步轮季期届站年月周口眼个位件箱袋单茬讲课线拨道句遍回年'].map((word) => `第一${word}`)
const ACTIONS: readonly string[] = ['block', 'review', 'proof'] satisfies HostWordAction[]

const keyOf = (text: string) => foldText(text).replace(/\s+/g, '')

interface HostTerms {
  readonly terms: TermSet
  readonly findings: ReadonlyMap<string, HostWordFinding>
}

/** Reads data/adlaw-terms.txt: group, term and action with tabs between them. */
function readHostTerms(): HostTerms {
  const text = readFileSync(new URL('../../data/adlaw-terms.txt', import.meta.url), 'utf8')
  const findings = new Map<string, HostWordFinding>()
  const allow = ORDINALS.map(keyOf)
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [group = '', term = '', action = ''] = line.split('\t')
    if (group === 'ALLOW') allow.push(keyOf(term))
    else if (!ACTIONS.includes(action)) throw new Error(`adlaw-terms.txt has a row without an action: ${line}`)
    else findings.set(keyOf(term), { term, group, action: action as HostWordAction })
  }
  return { terms: new TermSet(findings.keys(), allow), findings }
}

let read: HostTerms | undefined

/** What a seller's text says that it may not, or not without more; in the order of the text, each term once. */
export function checkHostWords(text: string): HostWordFinding[] {
  read ??= readHostTerms()
  const { terms, findings } = read
  return [...new Set(terms.find(keyOf(text)))].flatMap((key) => findings.get(key) ?? [])
}
