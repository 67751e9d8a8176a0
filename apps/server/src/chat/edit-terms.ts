import { type ChatTerms as ChatTermsShape, TERMS_MAX } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import { createChatTerms, termKey } from './chat-terms.ts'
import type { ChatContext } from './context.ts'

export async function readTerms({ platform: { db } }: Pick<ChatContext, 'platform'>): Promise<ChatTermsShape> {
  return one(await db.query<ChatTermsShape>('select version, packs from chat_terms'))
}

/**
 * Puts these packs in the place of those there are; from now on every line is held against them.
 * @throws Refusal chat.terms_changed_meanwhile, chat.terms_too_many, chat.term_empty
 */
export async function editTerms(context: ChatContext, input: ChatTermsShape, userId: number): Promise<ChatTermsShape> {
  const { db, clock } = context.platform
  const words = input.packs.flatMap(({ terms, allow }) => [...terms, ...allow])
  if (words.length > TERMS_MAX) throw new Refusal('chat.terms_too_many', { max: TERMS_MAX })
  const empty = words.find((word) => termKey(word) === '')
  if (empty !== undefined) throw new Refusal('chat.term_empty', { term: empty })
  const at = clock.now()
  await db.transaction(async (tx) => {
    const rows = await tx.query(
      'update chat_terms set version = version + 1, packs = $2, edited_by = $3, edited_at = $4 where version = $1 returning version',
      [input.version, JSON.stringify(input.packs), userId, at],
    )
    if (rows.length === 0) throw new Refusal('chat.terms_changed_meanwhile')
    const detail = { packs: input.packs.map(({ name, active, terms }) => ({ name, active, terms: terms.length })) }
    await writeLog(tx, { roomId: null, actorId: userId, at, act: 'terms', subject: '', detail })
  })
  // Read again, because of two changes that end at once the later commit must stand here too.
  const terms = await readTerms(context)
  context.terms.current = createChatTerms(terms.packs)
  return terms
}
