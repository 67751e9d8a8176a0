import type { AudienceContext, MessageSender } from './context.ts'

/** Messages claimed at a time, and sent at the same time. */
const CLAIMED_MAX = 200
const AT_ONCE = 8
/** A run ends before the next one begins. */
const RUN_MS = 50_000
const ATTEMPTS_MAX = 6
const FIRST_WAIT_S = 15

interface Waiting {
  readonly id: number
  readonly phone: string
  readonly body: string
  readonly attempts: number
}

// Claimed by moving the next try, so that another process does not send it too, and a crash here is tried again.
const CLAIM = `
  with claimed as (
    update reminder_messages m set attempts = attempts + 1, next_try_at = $1::timestamptz + $3 * power(2, attempts) * interval '1 second'
    where id in (
      select id from reminder_messages where sent_at is null and failed = '' and next_try_at <= $1 and give_up_at > $1
      order by next_try_at, id limit $2 for update skip locked)
    returning id, user_id, body, attempts
  )
  select c.id, u.phone, c.body, c.attempts from claimed c join users u on u.id = c.user_id where u.phone is not null order by c.id`

async function sendOne(
  { platform }: Pick<AudienceContext, 'platform'>,
  sender: MessageSender,
  message: Waiting,
): Promise<boolean> {
  const { db, clock, log } = platform
  try {
    await sender.send(message.phone, message.body)
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 300) || 'not sent'
    log.warn({ messageId: message.id, attempts: message.attempts, reason }, 'a reminder was not sent')
    if (message.attempts >= ATTEMPTS_MAX)
      await db.query('update reminder_messages set failed = $2 where id = $1', [message.id, reason])
    return false
  }
  await db.query('update reminder_messages set sent_at = $2 where id = $1', [message.id, clock.now()])
  return true
}

/** Sends the reminders that wait, until none waits or the run is over. Gives how many were sent. */
export async function sendReminders(context: Pick<AudienceContext, 'platform' | 'messageSender'>): Promise<number> {
  const { platform, messageSender: sender } = context
  if (sender === null) return 0
  const endMs = performance.now() + RUN_MS
  let sent = 0
  while (performance.now() < endMs) {
    const claimed = await platform.db.query<Waiting>(CLAIM, [platform.clock.now(), CLAIMED_MAX, FIRST_WAIT_S])
    const waiting = [...claimed]
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) if (await sendOne(context, sender, next)) sent += 1
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    if (claimed.length < CLAIMED_MAX) break
  }
  return sent
}
