import type { ReliefStage } from '@chunbo/contract'
import type { ReliefContext } from './context.ts'
import { sayStage } from './message.ts'

/** Messages made in one run, at most; the next run goes on. */
const MADE_MAX = 500
/** A line of the log that was not told in this time is old news. */
const NEWS_MS = 24 * 3_600_000

interface Untold {
  readonly logId: number
  readonly caseId: number
  readonly alertId: number
  readonly stage: ReliefStage
  readonly token: string
  readonly phone: string
  readonly produce: string
  readonly quantity: string
  readonly county: string
}

// The log is what is told, so a crash between a move and its message loses nothing. A stage that is reached for a second
// time, because a merchant fell away, is no news.
const UNTOLD = `
  select l.id as "logId", l.case_id as "caseId", a.id as "alertId", l.to_stage as stage, a.token, k.phone,
    coalesce(p.name_zh, a.produce_text) as produce, a.quantity_text as quantity, d.name as county
  from relief_log l
  join relief_alerts a on case when l.kind = 'reported' then a.id = (l.facts ->> 'alertId')::bigint else a.case_id = l.case_id end
  join relief_contacts k on k.alert_id = a.id
  join divisions d on d.code = a.county_code
  left join produce p on p.slug = a.produce_slug
  where l.to_stage is not null and l.to_stage <> 'merged' and l.from_stage is distinct from 'merged'
    and l.at > $1 and a.reported_at <= l.at and k.phone like '+%'
    and not exists (select from relief_messages m where m.alert_id = a.id and m.log_id = l.id)
    and not exists (select from relief_log e where e.case_id = l.case_id and e.to_stage = l.to_stage and e.id < l.id)
  order by l.id limit $2`

/** Writes the messages that the log asks for and that are not written yet. Safe to run at the same time. Gives how many. */
export async function makeMessages(context: Pick<ReliefContext, 'platform'>): Promise<number> {
  const { db, clock, config } = context.platform
  const now = clock.now()
  const untold = await db.query<Untold>(UNTOLD, [new Date(now.getTime() - NEWS_MS), MADE_MAX])
  const messages = untold.flatMap(({ token, ...facts }) => {
    const body = sayStage({ ...facts, link: `${config.publicUrl}/relief/track/${token}` })
    return body === null ? [] : [{ ...facts, body }]
  })
  if (messages.length === 0) return 0
  const made = await db.query(
    `insert into relief_messages (case_id, alert_id, log_id, phone, body, made_at, next_try_at)
     select "caseId", "alertId", "logId", phone, body, $2, $2
     from jsonb_to_recordset($1) as made ("caseId" bigint, "alertId" bigint, "logId" bigint, phone text, body text)
     on conflict do nothing returning id`,
    [JSON.stringify(messages), now],
  )
  return made.length
}
