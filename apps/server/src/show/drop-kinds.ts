import type { RoomDrop } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { bagKind } from './bag-kind.ts'
import type { ShowContext } from './context.ts'
import { couponKind } from './coupon-kind.ts'
import type { DropKindName, DropRow } from './drop.ts'
import { flashKind } from './flash-kind.ts'
import { pollKind } from './poll-kind.ts'

/** What a kind of drop brings to those that all have in common. */
export interface DropKind {
  /** What viewers see of these drops of the kind, in any order; as few queries as can be, whatever their number. */
  describe(db: Queryable, rows: readonly DropRow[]): Promise<RoomDrop[]>
  /**
   * What follows from the end of a drop, in the transaction that ends it, which has locked its row. What it gives is called after the
   * commit. It must not throw for what viewers did: a drop that cannot be closed is tried again and again.
   */
  settle?(context: ShowContext, tx: Queryable, row: DropRow, at: Date): Promise<(() => void | Promise<void>) | void>
}

/** The kinds that there are; one that is not here is shown to nobody. */
const KINDS: Readonly<Record<DropKindName, DropKind>> = {
  coupon: couponKind,
  bag: bagKind,
  poll: pollKind,
  flash: flashKind,
}

export function kindOf(name: DropKindName): DropKind | undefined {
  return KINDS[name]
}

/** What viewers see of these drops, in the order of their ids. */
export async function describeDrops(db: Queryable, rows: readonly DropRow[]): Promise<RoomDrop[]> {
  const names = [...new Set(rows.map(({ kind }) => kind))]
  const described = await Promise.all(
    names.map(
      (name) =>
        kindOf(name)?.describe(
          db,
          rows.filter(({ kind }) => kind === name),
        ) ?? [],
    ),
  )
  return described.flat().sort((a, b) => a.id - b.id)
}
