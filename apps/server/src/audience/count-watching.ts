import { WATCH_UNIT_MIN } from '@chunbo/contract'
import { addPoints } from './add-points.ts'
import { chinaDay } from './age.ts'
import type { AudienceContext } from './context.ts'

const MINUTE_MS = 60_000
/** Viewers in one statement. */
const BATCH_MAX = 5_000

// A minute that was counted before, by another socket, another node or a call that came twice, changes nothing and is not returned.
const COUNT = `
  insert into fan_watch as w (user_id, county_code, day, minutes, last_minute)
  select u.user_id, u.county_code, $3::date, 1, $4 from unnest($1::bigint[], $2::int[]) u(user_id, county_code)
  order by 1, 2
  on conflict (user_id, county_code, day) do update set minutes = w.minutes + 1, last_minute = excluded.last_minute
    where w.last_minute < excluded.last_minute
  returning user_id as "userId", county_code as "countyCode", minutes`

/** Counts the present minute for everybody who watches a room on air, as this process sees them; each ten minutes of a day bring points. */
export async function countWatching(context: AudienceContext): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  const day = chinaDay(now)
  const seen = new Map<string, { userId: number; countyCode: number }>()
  for (const { countyCode, userIds } of await context.live.watching())
    for (const userId of userIds)
      if (context.fans.peek(userId, countyCode)?.may.follow !== false)
        seen.set(`${userId}:${countyCode}`, { userId, countyCode })
  const all = [...seen.values()]
  for (let from = 0; from < all.length; from += BATCH_MAX) {
    const batch = all.slice(from, from + BATCH_MAX)
    await db.transaction(async (tx) => {
      const rows = await tx.query<{ userId: number; countyCode: number; minutes: number }>(COUNT, [
        batch.map(({ userId }) => userId),
        batch.map(({ countyCode }) => countyCode),
        day,
        Math.floor(now.getTime() / MINUTE_MS),
      ])
      const full = rows.filter(({ minutes }) => minutes % WATCH_UNIT_MIN === 0)
      await addPoints(
        context,
        full.map(({ minutes, ...fan }) => ({ ...fan, kind: 'watch', ref: `${day}/${minutes}`, units: 1 })),
        tx,
      )
    })
  }
}

/** Minutes of days that are over are of no more use: their points stand in the ledger. */
export async function forgetWatching({ platform }: Pick<AudienceContext, 'platform'>): Promise<void> {
  const before = chinaDay(new Date(platform.clock.now().getTime() - 2 * 86_400_000))
  await platform.db.query('delete from fan_watch where day < $1', [before])
}
