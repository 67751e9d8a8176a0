import type { Database } from '../platform/database.ts'

/** Brings a sign-in code to a phone. Adapters for SMS services implement it; it throws when the code did not go out. */
export interface CodeSender {
  /** @param phone E.164; @param code six digits; @param locale language of the message */
  send(phone: string, code: string, locale: 'zh' | 'en'): Promise<void>
}

/** At most so many codes are kept for the demonstration's page. */
const OUTBOX_MAX = 20

/** The demonstration's sender: codes go to a page that says what it is. Never used outside of the demonstration. */
export function demoCodeSender(db: Database, now: () => Date): CodeSender {
  return {
    async send(phone, code) {
      await db.query('insert into demo_codes (phone, code, sent_at) values ($1, $2, $3)', [phone, code, now()])
      await db.query('delete from demo_codes where id <= (select max(id) from demo_codes) - $1', [OUTBOX_MAX])
    },
  }
}
