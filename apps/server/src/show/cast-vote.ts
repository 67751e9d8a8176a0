import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { pollDetailOf } from './poll-kind.ts'
import { readVisibleDrop } from './visible-drop.ts'

/**
 * Casts the one vote of a user; the same vote again changes nothing.
 * @throws Refusal show.drop_not_found, show.drop_closed, show.no_such_option, show.voted_already
 */
export async function castVote(context: ShowContext, dropId: number, userId: number, option: number): Promise<void> {
  const { db, clock } = context.platform
  const poll = await readVisibleDrop(context, dropId, userId)
  if (poll.kind !== 'poll') throw new Refusal('show.drop_not_found')
  if (option >= pollDetailOf(poll).options.length) throw new Refusal('show.no_such_option')
  const cast = await db.query(
    `with d as (select id from room_drops where id = $1 and closed_at is null and closes_at > $4 for share)
     insert into poll_votes (drop_id, user_id, option, voted_at) select d.id, $2, $3, $4 from d
     on conflict (drop_id, user_id) do nothing returning drop_id`,
    [dropId, userId, option, clock.now()],
    'show-cast-vote',
  )
  if (cast.length > 0) return context.counts.moved(dropId)
  const known = first(
    await db.query<{ option: number }>(
      'select option from poll_votes where drop_id = $1 and user_id = $2',
      [dropId, userId],
      'show-vote',
    ),
  )
  if (!known) throw new Refusal('show.drop_closed')
  if (known.option !== option) throw new Refusal('show.voted_already')
}
