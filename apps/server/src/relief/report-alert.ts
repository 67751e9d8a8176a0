import type { AlertInput, AlertReceipt, AlertSource, PhoneAlertInput, Role } from '@chunbo/contract'
import type { ReliefContext } from './context.ts'
import { openCase } from './open-case.ts'
import { takeQuantity } from './report.ts'

/** As whom somebody with a role reports; the first that they hold counts. */
const SOURCE_OF_ROLE: readonly (readonly [Role, AlertSource])[] = [
  ['commissioner', 'commissioner'],
  ['host', 'official'],
  ['merchant', 'merchant'],
  ['shop', 'merchant'],
]

async function sourceOf(context: ReliefContext, userId: number | null): Promise<AlertSource> {
  if (userId === null) return 'public'
  const now = context.platform.clock.now()
  const grants = await context.identity.grantsOf(userId)
  const held = grants.filter(
    ({ validFrom, validUntil, revokedAt }) =>
      revokedAt === null && validFrom <= now && (validUntil === null || now < validUntil),
  )
  return SOURCE_OF_ROLE.find(([role]) => held.some((grant) => grant.role === role))?.[1] ?? 'public'
}

/** Takes the form's report, from a stranger or from somebody signed in, whose role then stands with it. @throws Refusal of openCase and takeQuantity */
export async function reportAlert(
  context: ReliefContext,
  userId: number | null,
  input: AlertInput,
): Promise<AlertReceipt> {
  const { quantity, key, pictures = [], contact, ...facts } = input
  const source = await sourceOf(context, userId)
  return openCase(context, {
    facts,
    source,
    sourceName: '',
    key: key.toLowerCase(),
    ...takeQuantity(quantity),
    pictures,
    contact,
    reporterId: userId,
  })
}

/** Takes down what a caller says, by a phone operator of the relief desk. @throws Refusal of openCase and takeQuantity */
export function takeCall(context: ReliefContext, operatorId: number, input: PhoneAlertInput): Promise<AlertReceipt> {
  const { quantity, key, contact, ...facts } = input
  return openCase(context, {
    facts,
    source: 'phone',
    sourceName: '',
    key: key.toLowerCase(),
    ...takeQuantity(quantity),
    pictures: [],
    contact,
    reporterId: operatorId,
  })
}
