import type { AlertReceipt, MediaAlertInput } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { hashMediaKey, isFresh, isSignedWith, REPLAY_WINDOW_MS } from './media-key.ts'
import { MEDIA_SOURCE_NAME } from './media-senders.ts'
import { openCase } from './open-case.ts'
import { takeQuantity } from './report.ts'

/** What a request must prove of itself. */
export interface MediaProof {
  readonly key: string
  readonly timestamp: string
  readonly signature: string
  /** The bytes that were signed. */
  readonly body: Uint8Array
}

/** The sender by its key, as reports name it. */
async function findSender(context: ReliefContext, proof: MediaProof): Promise<string> {
  const sender = first(
    await context.platform.db.query<{ sourceName: string }>(
      `select ${MEDIA_SOURCE_NAME} as "sourceName" from relief_media_senders s where key_hash = $1 and revoked_at is null`,
      [hashMediaKey(proof.key)],
    ),
  )
  const { key, timestamp, body, signature } = proof
  if (!sender || !isSignedWith(key, timestamp, body, signature)) throw new Refusal('relief.media_unsigned')
  if (!isFresh(timestamp, context.platform.clock.now())) {
    throw new Refusal('relief.media_stale', { minutes: REPLAY_WINDOW_MS / 60_000 })
  }
  return sender.sourceName
}

const WORDS_MAX = 2000

function withLink(words: string, link: string | undefined): string {
  if (link === undefined) return words
  return `${words.slice(0, WORDS_MAX - link.length - 1)}\n${link}`.trim()
}

/**
 * Takes a report of a media monitor. The sender's own number of it makes it one: sent a hundred times, it opens one case.
 * @throws Refusal relief.media_unsigned, media_stale, and those of openCase and takeQuantity
 */
export async function receiveMedia(
  context: ReliefContext,
  proof: MediaProof,
  input: MediaAlertInput,
): Promise<AlertReceipt> {
  const sourceName = await findSender(context, proof)
  const { quantity, key, link, contact, words = '', ...facts } = input
  return openCase(context, {
    facts: { ...facts, words: withLink(words, link) },
    source: 'media',
    sourceName,
    key,
    ...takeQuantity(quantity),
    pictures: [],
    contact: contact ?? null,
    reporterId: null,
  })
}
