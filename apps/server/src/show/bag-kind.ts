import type { BagCondition } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { ShowContext } from './context.ts'
import { commonOf, type DropRow } from './drop.ts'
import type { DropKind } from './drop-kinds.ts'

/** What never changes of a lucky bag. `prizeFen` is what one prize is worth. */
export interface BagDetail {
  readonly prizeZh: string
  readonly prizeEn: string
  readonly prizeFen: number
  readonly prizes: number
  readonly condition: BagCondition
  readonly phrase: string
}

export const bagDetailOf = (row: DropRow) => row.detail as unknown as BagDetail

interface BagState {
  readonly id: number
  readonly entrants: number
  readonly seedHash: string
  readonly seed: string
  readonly winners: string[]
}

const STATES = `select s.drop_id as id, s.seed_hash as "seedHash", s.seed,
    (select count(*)::int from bag_entries e where e.drop_id = s.drop_id) as entrants,
    (select coalesce(jsonb_agg(e.name order by w.place), '[]') from bag_winners w
       join bag_entries e on e.drop_id = w.drop_id and e.user_id = w.user_id where w.drop_id = s.drop_id) as winners
  from bag_seeds s where s.drop_id = any($1::bigint[])`

/**
 * Lucky bags (福袋). Who has won is settled by one statement in the transaction that closes the bag, by the rule of draw.ts in the
 * contract: an entry that is not committed by then waits for the lock of the drop and finds it closed.
 */
export const bagKind: DropKind = {
  async describe(db, rows) {
    const ids = rows.map(({ id }) => id)
    const states = new Map((await db.query<BagState>(STATES, [ids], 'show-bags')).map((state) => [state.id, state]))
    return rows.flatMap((row) => {
      const state = states.get(row.id)
      if (!state) return []
      const detail = bagDetailOf(row)
      const { seedHash, entrants, winners } = state
      const seed = row.closedAt === null ? null : state.seed
      return [{ ...commonOf(row), kind: 'bag' as const, ...detail, entrants, seedHash, seed, winners }]
    })
  },
  async settle(_context: ShowContext, tx: Queryable, row: DropRow) {
    await tx.query(
      `insert into bag_winners (drop_id, user_id, place)
       select e.drop_id, e.user_id, row_number() over (order by sha256(decode(s.seed || ':' || e.entrant, 'escape')))
       from bag_entries e join bag_seeds s on s.drop_id = e.drop_id where e.drop_id = $1
       order by sha256(decode(s.seed || ':' || e.entrant, 'escape')) limit $2`,
      [row.id, bagDetailOf(row).prizes],
    )
  },
}
