import { REMIND_BEFORE_MS } from '@chunbo/contract'
import type { AudienceContext } from './context.ts'
import { type ShowFacts, sayReminder } from './reminder-text.ts'

/** Reminders told in one statement. */
const TOLD_MAX = 5_000
/** A show that began so long ago is no news any more, for instance after an outage. */
const LATE_MS = 60 * 60_000
/** A message that did not go out by then stays unsent. */
const USELESS_AFTER_MS = 15 * 60_000

const DUE = `
  select r.id, r.title_zh as "titleZh", r.title_en as "titleEn", r.host_name as "hostName", p.county,
    r.scheduled_at as "scheduledAt", r.status <> 'scheduled' as "onAir"
  from rooms r join places p on p.code = r.county_code
  where not r.practice
    and (r.status = 'scheduled' and r.scheduled_at <= $1::timestamptz + $2 * interval '1 ms' and r.scheduled_at > $1::timestamptz - $3 * interval '1 ms'
      or r.status in ('live', 'paused') and r.started_at > $1::timestamptz - $3 * interval '1 ms')
    and exists (select from room_reminders w where w.room_id = r.id and w.told_at is null)
  order by r.id limit 200`

// Whoever fills told_at makes the message, in the same statement, so each reminder is told once.
const TELL = `
  with due as (
    select user_id from room_reminders where room_id = $1 and told_at is null order by user_id limit $6 for update skip locked
  ), told as (
    update room_reminders w set told_at = $2 from due where w.room_id = $1 and w.user_id = due.user_id returning w.user_id
  ), made as (
    insert into reminder_messages (room_id, user_id, body, made_at, next_try_at, give_up_at)
    select $1, u.id, case u.locale when 'en' then $4 else $3 end, $2, $2, $5
    from told join users u on u.id = told.user_id where u.phone is not null and $7
    on conflict (room_id, user_id) do nothing
  )
  select count(*)::int as told from told`

/** Tells everybody who asked for it that a show is about to begin, or has begun before its time. Gives how many were told. */
export async function tellReminders(context: AudienceContext): Promise<number> {
  const { db, clock, config } = context.platform
  const now = clock.now()
  const shows = await db.query<Omit<ShowFacts, 'link'> & { id: number }>(DUE, [now, REMIND_BEFORE_MS, LATE_MS])
  let sum = 0
  for (const show of shows) {
    const facts: ShowFacts = { ...show, link: `${config.publicUrl}/rooms/${show.id}` }
    const useless = new Date(Math.max(now.getTime(), show.scheduledAt.getTime()) + USELESS_AFTER_MS)
    for (;;) {
      const [row] = await db.query<{ told: number }>(TELL, [
        show.id,
        now,
        sayReminder(facts, 'zh'),
        sayReminder(facts, 'en'),
        useless,
        TOLD_MAX,
        context.messageSender !== null,
      ])
      const told = row?.told ?? 0
      sum += told
      if (told < TOLD_MAX) break
    }
  }
  return sum
}
