import { Refusal } from '../platform/problem.ts'
import { actorOf, type Who } from '../platform/session.ts'
import type { MerchantsContext } from './context.ts'

type StaffContext = Pick<MerchantsContext, 'platform' | 'identity'>

/**
 * Lets the staff of a merchant pass, as long as they hold the role, and the relief desk.
 * @throws Refusal identity.not_allowed
 */
export async function requireMerchantStaff(
  { platform, identity }: StaffContext,
  userId: number,
  merchantId: number,
): Promise<void> {
  if (await identity.may(userId, { role: 'relief_desk' })) return
  await identity.require(userId, { role: 'merchant' })
  const rows = await platform.db.query(
    'select from merchant_staff where merchant_id = $1 and user_id = $2',
    [merchantId, userId],
    'merchant-staff',
  )
  if (rows.length === 0) throw new Refusal('identity.not_allowed')
}

/** Staff of the merchant that `merchantOf` finds for the path's id, and the relief desk. */
export function merchantStaff(
  context: StaffContext,
  name: string,
  merchantOf: (id: number) => Promise<number> | number,
): Who {
  return {
    name,
    async check(request, reply) {
      await context.identity.who.signedIn.check(request, reply)
      const { userId } = actorOf(request)
      // Who holds neither role learns nothing of what is there.
      await context.identity.require(userId, { role: 'relief_desk' }, { role: 'merchant' })
      const id = Number((request.params as { id?: string }).id)
      await requireMerchantStaff(context, userId, await merchantOf(Number.isSafeInteger(id) ? id : -1))
    },
  }
}
