import { commonOf, type DropRow } from './drop.ts'
import type { DropKind } from './drop-kinds.ts'

/** What never changes of a poll. */
export interface PollDetail {
  readonly questionZh: string
  readonly questionEn: string
  readonly options: readonly { readonly zh: string; readonly en: string }[]
}

export const pollDetailOf = (row: DropRow) => row.detail as unknown as PollDetail

/** Polls: one vote a user, counted when they are read. */
export const pollKind: DropKind = {
  async describe(db, rows) {
    const counted = await db.query<{ id: number; option: number; votes: number }>(
      `select drop_id as id, option, count(*)::int as votes from poll_votes where drop_id = any($1::bigint[]) group by drop_id, option`,
      [rows.map(({ id }) => id)],
      'show-polls',
    )
    const votes = new Map(counted.map((row) => [`${row.id}:${row.option}`, row.votes]))
    return rows.map((row) => {
      const { questionZh, questionEn, options } = pollDetailOf(row)
      const shown = options.map((option, at) => ({ ...option, votes: votes.get(`${row.id}:${at}`) ?? 0 }))
      return { ...commonOf(row), kind: 'poll' as const, questionZh, questionEn, options: shown }
    })
  },
}
