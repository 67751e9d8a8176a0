import type { DemoMessages } from '@chunbo/contract'
import { maskPhone } from '../identity/index.ts'
import type { Sendable } from '../platform/routes.ts'
import type { AudienceContext, MessageSender } from './context.ts'

/** The demonstration's sender: what was sent is read on a page that says what it is, so nothing has to go anywhere. */
export const demoMessageSender: MessageSender = { send: async () => {} }

const SHOWN_MAX = 20

/** Text messages that a real sender would have sent, the newest first, phones masked. */
export async function readDemoReminders({
  platform,
}: Pick<AudienceContext, 'platform'>): Promise<Sendable<DemoMessages>> {
  const rows = await platform.db.query<{ phone: string; body: string; madeAt: Date; sentAt: Date | null }>(
    `select coalesce(u.phone, '') as phone, m.body, m.made_at as "madeAt", m.sent_at as "sentAt"
     from reminder_messages m join users u on u.id = m.user_id order by m.id desc limit ${SHOWN_MAX}`,
  )
  return { messages: rows.map((row) => ({ ...row, phone: maskPhone(row.phone) })) }
}
