import type { AlertContact } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { logCase } from './move-case.ts'

async function maySee(context: ReliefContext, userId: number, caseId: number, countyCode: number): Promise<boolean> {
  if (await context.identity.may(userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode })) return true
  for (const rule of context.contactRules) if (await rule(userId, caseId)) return true
  return false
}

/**
 * Shows whom to call about an alert, to the desk, to the county's commissioner and to whom a later slice has let in
 * because they work on the case. The look is written down in the same transaction that shows it: no log, no phone.
 * @throws Refusal relief.alert_not_found, identity.not_allowed, relief.no_contact
 */
export async function lookAtContact(
  context: ReliefContext,
  userId: number,
  alertId: number,
  reason: string,
): Promise<AlertContact> {
  const { db, clock } = context.platform
  const alert = first(
    await db.query<{ caseId: number; countyCode: number }>(
      `select a.case_id as "caseId", c.county_code as "countyCode"
       from relief_alerts a join relief_cases c on c.id = a.case_id where a.id = $1`,
      [alertId],
    ),
  )
  if (!alert) throw new Refusal('relief.alert_not_found')
  const { caseId, countyCode } = alert
  if (!(await maySee(context, userId, caseId, countyCode))) throw new Refusal('identity.not_allowed')
  return db.transaction(async (tx) => {
    const contact = first(
      await tx.query<AlertContact>('select name, phone, relation from relief_contacts where alert_id = $1', [alertId]),
    )
    if (!contact) throw new Refusal('relief.no_contact')
    await logCase(tx, {
      caseId,
      actorId: userId,
      now: clock.now(),
      kind: 'contact_seen',
      note: reason,
      facts: { alertId },
    })
    return contact
  })
}
