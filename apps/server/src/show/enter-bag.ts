import { randomBytes } from 'node:crypto'
import type { DropEntry } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { bagDetailOf } from './bag-kind.ts'
import type { ShowContext } from './context.ts'
import { isOfTeam, type PlacedDrop, readVisibleDrop } from './visible-drop.ts'

/** The smallest UUID of version 7 of an instant: chat lines of a room are in the order of their ids. */
function firstUuidOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** Whether a user has said the phrase of a bag since it opened. What was said in the last half second may not be written yet. */
async function hasSaid({ platform, said }: ShowContext, bag: PlacedDrop, userId: number): Promise<boolean> {
  if (said.has(bag.id, userId)) return true
  const rows = await platform.db.query(
    `select from room_chat where room_id = $1 and id >= $2::uuid and user_id = $3 and position($4 in lower(body)) > 0 limit 1`,
    [bag.roomId, firstUuidOf(bag.openedAt), userId, bagDetailOf(bag).phrase.toLowerCase()],
    'show-has-said',
  )
  return rows.length > 0
}

/**
 * Whether a user may be in a bag, whatever the bag asks for: no minors, and not those who run the draw, save when they practise.
 * @throws Refusal show.not_for_minors, show.not_for_team, show.follow_first, show.say_phrase_first
 */
export async function requireEntrant(context: ShowContext, bag: PlacedDrop, userId: number): Promise<void> {
  if (await context.isMinor(userId)) throw new Refusal('show.not_for_minors')
  if (!bag.practice && (await isOfTeam(context, userId, bag.countyCode))) throw new Refusal('show.not_for_team')
  const { condition, phrase } = bagDetailOf(bag)
  if (condition === 'follow' && !(await context.isFollowing(userId, bag.countyCode)))
    throw new Refusal('show.follow_first')
  if (condition === 'comment' && !(await hasSaid(context, bag, userId)))
    throw new Refusal('show.say_phrase_first', { phrase })
}

/**
 * Puts users into a bag while it is open. The shared lock of its row lets all enter at once, and lets the draw, which needs the row for
 * itself, see everybody who got in. Gives the tickets of those who are new in it.
 */
export async function addEntries(
  db: Queryable,
  dropId: number,
  userIds: readonly number[],
  now: Date,
): Promise<Map<number, string>> {
  const tickets = userIds.map(() => randomBytes(16).toString('hex'))
  const rows = await db.query<{ userId: number; ticket: string }>(
    `with d as (select id from room_drops where id = $1 and kind = 'bag' and closed_at is null and closes_at > $4 for share)
     insert into bag_entries (drop_id, user_id, name, ticket, entered_at)
     select d.id, u.id, u.name, i.ticket, $4
     from d cross join unnest($2::bigint[], $3::text[]) i(user_id, ticket) join users u on u.id = i.user_id order by u.id
     on conflict (drop_id, user_id) do nothing returning user_id as "userId", ticket`,
    [dropId, userIds, tickets, now],
    'show-add-entries',
  )
  return new Map(rows.map(({ userId, ticket }) => [userId, ticket]))
}

async function findTicket(db: Queryable, dropId: number, userId: number): Promise<string | undefined> {
  const rows = await db.query<{ ticket: string }>(
    'select ticket from bag_entries where drop_id = $1 and user_id = $2',
    [dropId, userId],
    'show-ticket',
  )
  return first(rows)?.ticket
}

/**
 * Enters a bag, once: entering again gives the same ticket, also after the draw.
 * @throws Refusal show.drop_not_found, show.drop_closed, and of requireEntrant
 */
export async function enterBag(context: ShowContext, dropId: number, userId: number): Promise<DropEntry> {
  const { db, clock } = context.platform
  const bag = await readVisibleDrop(context, dropId, userId)
  if (bag.kind !== 'bag') throw new Refusal('show.drop_not_found')
  if (bag.closedAt === null && clock.now() < bag.closesAt) {
    await requireEntrant(context, bag, userId)
    const made = await context.entries.add(dropId, userId)
    if (made !== null) {
      context.counts.moved(dropId)
      return { dropId, ticket: made }
    }
  }
  // In already, or too late.
  const ticket = await findTicket(db, dropId, userId)
  if (ticket === undefined) throw new Refusal('show.drop_closed')
  return { dropId, ticket }
}
