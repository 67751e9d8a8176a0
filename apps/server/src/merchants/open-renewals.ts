import { chinaDay } from './china-day.ts'
import type { MerchantsContext } from './context.ts'

/** A renewal is opened so many days before a paper ends. */
export const RENEWAL_DAYS = 30

/** Opens the renewal of every paper that holds, ends soon and has no newer one of its kind. Gives how many it opened. */
export async function openRenewals({ platform }: Pick<MerchantsContext, 'platform'>): Promise<number> {
  const now = platform.clock.now()
  const opened = await platform.db.query(
    `insert into merchant_renewals (paper_id, opened_at)
     select p.id, $1 from merchant_papers p
     where p.holds and p.valid_until < $2::date + $3::int and not exists (
       select from merchant_papers newer
       where newer.merchant_id = p.merchant_id and newer.kind = p.kind and newer.holds and newer.valid_until > p.valid_until
     )
     on conflict (paper_id) do nothing
     returning paper_id`,
    [now, chinaDay(now), RENEWAL_DAYS],
  )
  return opened.length
}
