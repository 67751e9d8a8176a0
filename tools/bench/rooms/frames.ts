/** What is said in the benchmark's rooms, so that all peers carry the same. */

import type { ChatLine } from '@chunbo/contract'

/** SKUs of the shelf. */
export const POSITIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const

/** Han characters without order, of a thousand kinds, which deflate to under half: real talk shrinks more. */
const FILLER = Array.from({ length: 4_000 }, noise(7)).join('')

function noise(seed: number): () => string {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(0x4e00 + ((state >>> 16) % 1_000))
  }
}

const STAMP = /@(\d+)@/g

/** A chat text of so many characters that begins with a time. */
export function stamp(us: number, chars: number): string {
  const mark = `@${us}@`
  const from = us % (FILLER.length - chars)
  return mark + FILLER.slice(from, from + Math.max(0, chars - mark.length))
}

export const lineOf = (text: string): ChatLine => ({
  id: '00000000-0000-4000-8000-000000000000',
  atMs: Date.now(),
  name: '买家',
  from: 'viewer',
  text,
})

/** A tick with one line as our room would send it, for peers that send on what they are given. */
export function tickOf(text: string): string {
  return JSON.stringify({ t: 'tick', from: 1_000, offset: 1_001, events: [{ t: 'chat', line: lineOf(text) }] })
}

/** The times in a frame's text. */
export function stampsIn(text: string): number[] {
  return [...text.matchAll(STAMP)].map((match) => Number(match[1]))
}

/** Offset after the frame, by its first bytes: `{"t":"tick","from":7,"offset":9,` and likewise for the other kinds; -1 if there is none. */
export function offsetIn(head: Buffer): number {
  return numberAfter(head, '"offset":')
}

/** Stream events in a tick, by its first bytes. */
export function eventsIn(head: Buffer): number {
  return offsetIn(head) - numberAfter(head, '"from":')
}

function numberAfter(head: Buffer, name: string): number {
  const at = head.indexOf(name, 0, 'latin1')
  if (at < 0) return -1
  let offset = 0
  for (let index = at + name.length; index < head.length; index += 1) {
    const digit = (head[index] ?? 0) - 48
    if (digit < 0 || digit > 9) return offset
    offset = offset * 10 + digit
  }
  // The number may go on beyond what is there.
  return -1
}

/** The value below which that share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
