import type { Merchant, MerchantRecord, MerchantRow } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import { chinaDay } from './china-day.ts'
import type { MerchantsContext } from './context.ts'
import { RENEWAL_DAYS } from './open-renewals.ts'

// $1 the merchant, $2 today in China, $3 days before the end of a paper from which on its renewal is due.
const READ = `
  select m.id, m.version, m.name, m.phone, m.shop_id as "shopId", m.produce_slugs as "produceSlugs", m.families, m.grades,
    m.regions, m.reach_km as "reachKm", m.capacity_day_g as "capacityDayG", m.lot_min_g as "lotMinG",
    m.packing_days as "packingDays", m.cold, m.deliver_provinces as "deliverProvinces",
    m.working_capital_fen as "workingCapitalFen", m.active, m.created_at as "createdAt",
    merchant_papers_missing(m.id, $2) as "papersMissing",
    (select coalesce(jsonb_agg(jsonb_build_object('name', w.name, 'countyCode', w.county_code, 'lngE5', w.lng_e5,
       'latE5', w.lat_e5, 'place', to_jsonb(p)) order by w.position), '[]')
     from merchant_warehouses w join places p on p.code = w.county_code where w.merchant_id = m.id) as warehouses,
    (select coalesce(jsonb_agg(jsonb_build_object('produceSlug', p.produce_slug, 'fenPerKg', p.fen_per_kg,
       'from', p.valid_from, 'until', p.valid_until) order by p.position), '[]')
     from merchant_prices p where p.merchant_id = m.id) as prices,
    (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'kind', p.kind, 'number', p.number,
       'validUntil', p.valid_until, 'note', p.note, 'checkedBy', u.name,
       'picture', case when c.id is not null then jsonb_build_object('id', c.id, 'width', c.width, 'height', c.height) end,
       'state', case when p.holds is null then 'new' when not p.holds then 'refused'
         when p.valid_until < $2::date then 'lapsed' else 'held' end,
       'renew', coalesce(p.holds, false) and p.valid_until < $2::date + $3::int and not exists (
         select from merchant_papers n where n.merchant_id = p.merchant_id and n.kind = p.kind and n.holds
           and n.valid_until > p.valid_until)) order by p.id desc), '[]')
     from merchant_papers p left join users u on u.id = p.checked_by left join pictures c on c.id = p.picture_id
     where p.merchant_id = m.id) as papers,
    (select coalesce(jsonb_agg(jsonb_build_object('userId', s.user_id, 'name', u.name) order by s.user_id), '[]')
     from merchant_staff s join users u on u.id = s.user_id where s.merchant_id = m.id) as staff
  from merchants m where m.id = $1`

/** A merchant with papers, prices, staff and record. @throws Refusal merchants.not_found */
export async function readMerchant(context: MerchantsContext, id: number): Promise<Sendable<Merchant>> {
  const { db, clock } = context.platform
  const found = first(
    await db.query<Sendable<Omit<Merchant, 'record'>>>(READ, [id, chinaDay(clock.now()), RENEWAL_DAYS]),
  )
  if (!found) throw new Refusal('merchants.not_found')
  const records = await context.recordsOf([id])
  const record = records.get(id)
  return { ...found, record: record ?? NO_RECORD }
}

/** What stands for a merchant without any offer yet. */
const NO_RECORD: MerchantRecord = {
  offers: 0,
  accepted: 0,
  withdrawn: 0,
  reliabilityPermille: 800,
  answerMin: null,
  badPermille: null,
  openOffers: 0,
  openG: 0,
  openFen: 0,
}

const ROW = `
  select m.id, m.name, m.active, m.cold, m.capacity_day_g as "capacityDayG", m.reach_km as "reachKm",
    merchant_papers_missing(m.id, $1) as "papersMissing",
    (select count(*) from merchant_papers p where p.merchant_id = m.id and p.holds is null) as "papersNew",
    to_jsonb(p) as place
  from merchants m
  join merchant_warehouses w on w.merchant_id = m.id and w.position = 0
  join places p on p.code = w.county_code`

/** A page of merchants by id; `q` is a part of the name. */
export async function listMerchants(
  { platform }: MerchantsContext,
  filter: { readonly q: string | null; readonly afterId: number; readonly limit: number },
): Promise<{ items: MerchantRow[]; next: string | null }> {
  const rows = await platform.db.query<MerchantRow>(
    `${ROW} where m.id > $2 and ($3::text is null or strpos(lower(m.name), lower($3)) > 0) order by m.id limit $4`,
    [chinaDay(platform.clock.now()), filter.afterId, filter.q, filter.limit + 1],
  )
  const items = rows.slice(0, filter.limit)
  return { items, next: rows.length > filter.limit ? String(items.at(-1)?.id) : null }
}

/** The merchants that somebody is staff of. */
export async function listMyMerchants(
  { platform }: MerchantsContext,
  userId: number,
): Promise<{ items: MerchantRow[]; next: null }> {
  const items = await platform.db.query<MerchantRow>(
    `${ROW} where m.id in (select merchant_id from merchant_staff where user_id = $2) order by m.id limit 100`,
    [chinaDay(platform.clock.now()), userId],
  )
  return { items, next: null }
}
