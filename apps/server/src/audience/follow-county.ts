import type { CountyFollow } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { addPoints } from './add-points.ts'
import type { AudienceContext } from './context.ts'

async function countFollowers(db: Queryable, countyCode: number): Promise<number> {
  const rows = await db.query<{ n: number }>(
    'select count(*)::int as n from county_follows where county_code = $1',
    [countyCode],
    'audience-followers',
  )
  return one(rows).n
}

/** Whether a user (null: a stranger) follows a county, and how many do. @throws Refusal audience.county_unknown */
export async function readFollow(
  context: AudienceContext,
  userId: number | null,
  countyCode: number,
): Promise<CountyFollow> {
  const { db } = context.platform
  await requireCounty(db, countyCode)
  const [fan, followers] = await Promise.all([
    userId === null ? null : context.fans.of(userId, countyCode),
    countFollowers(db, countyCode),
  ])
  return { following: fan?.following ?? false, followers }
}

async function requireCounty(db: Queryable, code: number): Promise<void> {
  const found = await db.query(`select from divisions where code = $1 and level in ('county', 'zone')`, [code])
  if (found.length === 0) throw new Refusal('audience.county_unknown', { code })
}

/** Follows a county; again changes nothing. The first time ever brings points. @throws Refusal audience.county_unknown, audience.guardian_needed */
export async function followCounty(
  context: AudienceContext,
  userId: number,
  countyCode: number,
): Promise<CountyFollow> {
  const { db, clock } = context.platform
  await requireCounty(db, countyCode)
  await requireKnown(context, userId, countyCode)
  await db.query(
    'insert into county_follows (user_id, county_code, followed_at) values ($1, $2, $3) on conflict do nothing',
    [userId, countyCode, clock.now()],
  )
  context.fans.followed(userId, countyCode, true)
  await addPoints(context, [{ userId, countyCode, kind: 'follow', ref: 'first', units: 1 }])
  return { following: true, followers: await countFollowers(db, countyCode) }
}

/** No longer follows a county; not following changes nothing. @throws Refusal audience.county_unknown */
export async function unfollowCounty(
  context: AudienceContext,
  userId: number,
  countyCode: number,
): Promise<CountyFollow> {
  const { db } = context.platform
  await requireCounty(db, countyCode)
  await db.query('delete from county_follows where user_id = $1 and county_code = $2', [userId, countyCode])
  context.fans.followed(userId, countyCode, false)
  return { following: false, followers: await countFollowers(db, countyCode) }
}

/** What is kept of somebody under 14 needs a guardian's consent. @throws Refusal audience.guardian_needed */
export async function requireKnown(context: AudienceContext, userId: number, countyCode: number): Promise<void> {
  const { may } = await context.fans.of(userId, countyCode)
  if (!may.follow) throw new Refusal('audience.guardian_needed')
}
