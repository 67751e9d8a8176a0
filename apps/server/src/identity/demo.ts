import type { DemoCodes, DemoLogins } from '@chunbo/contract'
import type { Static } from 'typebox'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'

/** The codes that a real sender would have sent, the newest first. */
export async function readDemoCodes(context: IdentityContext): Promise<Sendable<Static<typeof DemoCodes>>> {
  const codes = await context.db.query<{ phone: string; code: string; sentAt: Date }>(
    'select phone, code, sent_at as "sentAt" from demo_codes order by id desc limit 20',
  )
  return { codes }
}

/** The published logins, one for each role. */
export async function readDemoLogins(context: IdentityContext): Promise<Static<typeof DemoLogins>> {
  const logins = await context.db.query<Static<typeof DemoLogins>['logins'][number]>(
    `select l.role, u.name, u.email, coalesce(u.phone, '') as phone, l.password
     from demo_logins l join users u on u.id = l.user_id order by l.user_id limit 100`,
  )
  return { logins }
}
