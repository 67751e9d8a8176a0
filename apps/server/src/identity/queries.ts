import type { Address, Grant, GrantRow, Me, UserFound } from '@chunbo/contract'
import type { Static } from 'typebox'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'
import { maskEmail, normaliseEmail } from './email.ts'
import { type HeldGrant, isInForce } from './grant.ts'
import { maskPhone, normalisePhone } from './phone.ts'

const toGrant = ({ id, role, countyCode, shopId, validFrom, validUntil }: HeldGrant): Sendable<Grant> => ({
  id,
  role,
  countyCode,
  shopId,
  validFrom,
  validUntil,
})

/** A user with the grants that are in force. @throws Refusal identity.session_expired for a user that is gone */
export async function readMe(context: IdentityContext, userId: number): Promise<Sendable<Me>> {
  const [users, grants] = await Promise.all([
    context.db.query<Omit<Me, 'grants'>>('select id as "userId", name, phone, email, locale from users where id = $1', [
      userId,
    ]),
    context.grants.of(userId),
  ])
  const user = first(users)
  if (!user) throw new Refusal('identity.session_expired')
  const now = context.clock.now()
  return { ...user, grants: grants.filter((grant) => isInForce(grant, now)).map(toGrant) }
}

const ADDRESSES = `
  select a.id, a.name, a.phone, a.region_code as "regionCode", a.detail, a.is_default as "isDefault",
    concat_ws(' ', p.province, nullif(p.prefecture, ''), p.county) as "regionName"
  from addresses a left join places p on p.code = a.region_code
  where a.user_id = $1 and ($2::bigint is null or a.id = $2)
  order by a.is_default desc, a.updated_at desc, a.id desc`

/** A user's addresses, the default first; or the one with this id. */
export function readAddresses(context: IdentityContext, userId: number, id: number | null = null): Promise<Address[]> {
  return context.db.query<Address>(ADDRESSES, [userId, id])
}

const GRANTS = `
  select g.id, g.role, g.county_code as "countyCode", g.shop_id as "shopId", g.valid_from as "validFrom",
    g.valid_until as "validUntil", g.user_id as "userId", u.name as "userName", g.granted_by as "grantedBy",
    g.revoked_at as "revokedAt"
  from grants g join users u on u.id = g.user_id
  where ($1::bigint is null or g.user_id = $1) and ($2::bigint is null or g.id < $2)
  order by g.id desc
  limit $3`

/** Grants, the newest first, also those that were taken back; of one user or of all. `beforeId` continues a page. */
export function readGrants(
  context: IdentityContext,
  filter: { userId: number | null; beforeId: number | null; limit: number },
): Promise<Sendable<Static<typeof GrantRow>>[]> {
  return context.db.query(GRANTS, [filter.userId, filter.beforeId, filter.limit])
}

/** Who has exactly this phone or email; masked, because an operator only needs to recognise them. */
export async function findUsers(
  context: IdentityContext,
  by: { phone?: string; email?: string },
): Promise<Static<typeof UserFound>[]> {
  const phone = by.phone === undefined ? null : normalisePhone(by.phone)
  const rows = await context.db.query<{ userId: number; name: string; phone: string | null; email: string | null }>(
    'select id as "userId", name, phone, email from users where phone = $1 or email = $2 order by id limit 2',
    [phone, by.email === undefined ? null : normaliseEmail(by.email)],
  )
  return rows.map((user) => ({
    ...user,
    phone: user.phone && maskPhone(user.phone),
    email: user.email && maskEmail(user.email),
  }))
}
