import type { Queryable } from '../platform/database.ts'

/** So many uses in a window that begins with the first of them. */
export interface Quota {
  readonly key: string
  readonly max: number
  readonly windowS: number
}

const TAKE = `
  insert into identity_quotas as kept (key, used, window_ends_at)
  select key, 1, $3::timestamptz + window_s * interval '1 second'
  from unnest($1::text[], $2::int[]) as asked (key, window_s)
  order by key
  on conflict (key) do update set
    used = case when kept.window_ends_at <= $3 then 1 else kept.used + 1 end,
    window_ends_at = case when kept.window_ends_at <= $3 then excluded.window_ends_at else kept.window_ends_at end
  returning key, used, window_ends_at`

/** Counts one use of each quota in one statement. Gives how long to wait in seconds, 0 when none is used up. */
export async function takeQuotas(db: Queryable, quotas: readonly Quota[], now: Date): Promise<number> {
  const rows = await db.query<{ key: string; used: number; window_ends_at: Date }>(TAKE, [
    quotas.map((quota) => quota.key),
    quotas.map((quota) => quota.windowS),
    now,
  ])
  const waitsMs = rows
    .filter((row) => row.used > (quotas.find((quota) => quota.key === row.key)?.max ?? 0))
    .map((row) => row.window_ends_at.getTime() - now.getTime())
  return Math.ceil(Math.max(0, ...waitsMs) / 1000)
}

/** Forgets the uses of a quota, such as wrong passwords before the right one. */
export async function resetQuota(db: Queryable, key: string): Promise<void> {
  await db.query('delete from identity_quotas where key = $1', [key])
}
