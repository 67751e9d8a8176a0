import type { ReliefContext } from './context.ts'
import { makeMessages } from './make-messages.ts'
import type { MessageSender } from './message-sender.ts'

/** Sent in one run, at most. */
const SENT_MAX = 100
/** The waits double from a minute, so that the last try is after some four hours. */
const ATTEMPTS_MAX = 9
const FIRST_WAIT_S = 60

interface Waiting {
  readonly id: number
  readonly phone: string
  readonly body: string
  readonly attempts: number
}

// Claimed by moving the next try, so that another process does not send it too, and a crash here is tried again.
const CLAIM = `
  update relief_messages m set attempts = attempts + 1, next_try_at = $1::timestamptz + $3 * power(2, attempts) * interval '1 second'
  where id in (
    select id from relief_messages where sent_at is null and failed = '' and next_try_at <= $1
    order by id limit $2 for update skip locked)
  returning id, phone, body, attempts`

async function sendOne(
  context: Pick<ReliefContext, 'platform'>,
  sender: MessageSender,
  message: Waiting,
): Promise<boolean> {
  const { db, clock, log } = context.platform
  try {
    await sender.send(message.phone, message.body)
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 300) || 'not sent'
    log.warn({ messageId: message.id, attempts: message.attempts, reason }, 'a message to a reporter was not sent')
    if (message.attempts >= ATTEMPTS_MAX) {
      await db.query('update relief_messages set failed = $2 where id = $1', [message.id, reason])
    }
    return false
  }
  await db.query('update relief_messages set sent_at = $2 where id = $1', [message.id, clock.now()])
  return true
}

/** Makes the messages that are due and sends those that wait; without a sender nothing is made. Gives how many were sent. */
export async function sendMessages(context: Pick<ReliefContext, 'platform' | 'messageSender'>): Promise<number> {
  const sender = context.messageSender
  if (sender === null) return 0
  await makeMessages(context)
  const { db, clock } = context.platform
  const waiting = await db.query<Waiting>(CLAIM, [clock.now(), SENT_MAX, FIRST_WAIT_S])
  let sent = 0
  for (const message of waiting.sort((a, b) => a.id - b.id)) if (await sendOne(context, sender, message)) sent++
  return sent
}
