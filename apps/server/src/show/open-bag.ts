import { createHash, randomBytes } from 'node:crypto'
import type { BagInput } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { BagDetail } from './bag-kind.ts'
import type { ShowContext } from './context.ts'
import { openDrop } from './open-drop.ts'
import { requireCleanWords } from './require-clean-words.ts'

/**
 * Opens a lucky bag. The seed is chosen here, by chance, before anybody can enter; its hash is shown from now on. Gives the drop's id.
 * @throws Refusal show.phrase_missing, show.words_not_allowed, and of openDrop
 */
export async function openBag(context: ShowContext, roomId: number, input: BagInput, userId: number): Promise<number> {
  const phrase = input.condition === 'comment' ? (input.phrase ?? '').trim() : ''
  if (input.condition === 'comment' && phrase === '') throw new Refusal('show.phrase_missing')
  const prizeEn = input.prizeEn?.trim() ?? ''
  requireCleanWords(context, input.prizeZh, prizeEn, phrase)
  const { prizeZh, prizeFen, prizes, condition, seconds } = input
  const detail: BagDetail = { prizeZh: prizeZh.trim(), prizeEn, prizeFen, prizes, condition, phrase }
  const seed = randomBytes(32).toString('hex')
  const seedHash = createHash('sha256').update(seed).digest('hex')
  const opening = { roomId, kind: 'bag' as const, openedBy: userId, seconds, detail }
  const row = await openDrop(context, opening, async (tx, { id }) => {
    await tx.query('insert into bag_seeds (drop_id, seed, seed_hash) values ($1, $2, $3)', [id, seed, seedHash])
  })
  return row.id
}
