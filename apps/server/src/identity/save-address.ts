import type { Address, AddressInput } from '@chunbo/contract'
import { first, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'
import { readAddresses } from './queries.ts'

const ADDRESSES_MAX = 20

// The user's row is the lock: two requests of one user go one after the other, so that there is one default at the most
// and the limit holds.
async function lockUser(tx: Queryable, userId: number): Promise<number> {
  const user = first(await tx.query<{ id: number }>('select id from users where id = $1 for update', [userId]))
  if (!user) throw new Refusal('identity.session_expired')
  const counted = await tx.query<{ n: number }>('select count(*)::int as n from addresses where user_id = $1', [userId])
  return one(counted).n
}

async function mustBeCounty(tx: Queryable, code: number): Promise<void> {
  const found = await tx.query('select from places where code = $1', [code])
  if (found.length === 0) throw new Refusal('identity.region_unknown')
}

async function clearDefault(tx: Queryable, userId: number, wanted: boolean): Promise<void> {
  if (wanted) await tx.query('update addresses set is_default = false where user_id = $1 and is_default', [userId])
}

async function saved(context: IdentityContext, userId: number, id: number): Promise<Address> {
  return one(await readAddresses(context, userId, id))
}

/**
 * Adds an address; the first one becomes the default by itself.
 * @throws Refusal identity.region_unknown, identity.too_many_addresses
 */
export async function addAddress(context: IdentityContext, userId: number, input: AddressInput): Promise<Address> {
  const id = await context.db.transaction(async (tx) => {
    const count = await lockUser(tx, userId)
    if (count >= ADDRESSES_MAX) throw new Refusal('identity.too_many_addresses', { max: ADDRESSES_MAX })
    await mustBeCounty(tx, input.regionCode)
    const isDefault = input.isDefault || count === 0
    await clearDefault(tx, userId, isDefault)
    const rows = await tx.query<{ id: number }>(
      `insert into addresses (user_id, name, phone, region_code, detail, is_default, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7) returning id`,
      [userId, input.name, input.phone, input.regionCode, input.detail, isDefault, context.clock.now()],
    )
    return one(rows).id
  })
  return saved(context, userId, id)
}

/**
 * Replaces one of a user's own addresses.
 * @throws Refusal identity.address_unknown (also for somebody else's), identity.region_unknown
 */
export async function replaceAddress(
  context: IdentityContext,
  userId: number,
  id: number,
  input: AddressInput,
): Promise<Address> {
  await context.db.transaction(async (tx) => {
    await lockUser(tx, userId)
    await mustBeCounty(tx, input.regionCode)
    await clearDefault(tx, userId, input.isDefault)
    const rows = await tx.query(
      `update addresses set name = $3, phone = $4, region_code = $5, detail = $6, is_default = $7, updated_at = $8
       where user_id = $1 and id = $2 returning id`,
      [userId, id, input.name, input.phone, input.regionCode, input.detail, input.isDefault, context.clock.now()],
    )
    if (rows.length === 0) throw new Refusal('identity.address_unknown')
  })
  return saved(context, userId, id)
}
