import { randomInt } from 'node:crypto'
import { Refusal } from '../platform/problem.ts'
import { keyedHash } from './auth-secret.ts'
import type { IdentityContext } from './context.ts'
import { normalisePhone } from './phone.ts'
import { takeQuotas } from './quota.ts'

const CODE_LIFETIME_MS = 5 * 60_000
const CODE_ATTEMPTS = 5
const RESEND_AFTER_S = 60
/** With five attempts a code, a stranger has 50 guesses a day at a number: one chance in 20,000. */
const SENDS_AN_HOUR = 5
const SENDS_A_DAY = 10

// The condition makes the gap between two codes true even for requests at the same time.
const REPLACE_CODE = `
  insert into phone_codes as kept (phone, code_hash, attempts_left, sent_at, expires_at)
  values ($1, $2, $3, $4, $5)
  on conflict (phone) do update set
    code_hash = excluded.code_hash, attempts_left = excluded.attempts_left,
    sent_at = excluded.sent_at, expires_at = excluded.expires_at
  where kept.sent_at <= $4::timestamptz - $6 * interval '1 second'
  returning phone`

/** What is kept of a code; bound to its phone. */
export function hashCode(context: IdentityContext, phone: string, code: string): Buffer {
  return keyedHash(context.hashKey, `code ${phone} ${code}`)
}

async function secondsToWait(context: IdentityContext, phone: string, now: Date): Promise<number> {
  const [row] = await context.db.query<{ sent_at: Date }>('select sent_at from phone_codes where phone = $1', [phone])
  const goneMs = now.getTime() - (row?.sent_at.getTime() ?? now.getTime())
  return Math.max(1, RESEND_AFTER_S - Math.floor(goneMs / 1000))
}

function refuseTooSoon(waitS: number): Refusal {
  return new Refusal('identity.code_too_soon', { waitS }, { retryAfterS: waitS })
}

/**
 * Sends a new code to a phone; the one before it stops working.
 * @throws Refusal identity.phone_invalid, identity.code_sender_missing, identity.code_too_soon, identity.code_not_sent
 */
export async function sendCode(context: IdentityContext, typedPhone: string, locale: 'zh' | 'en'): Promise<void> {
  const phone = normalisePhone(typedPhone)
  if (!phone) throw new Refusal('identity.phone_invalid')
  const sender = context.codeSender
  if (!sender) throw new Refusal('identity.code_sender_missing')
  const now = context.clock.now()
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const quotaKey = keyedHash(context.hashKey, `send ${phone}`).toString('base64url')
  const replaced = await context.db.transaction(async (tx) => {
    const rows = await tx.query(REPLACE_CODE, [
      phone,
      hashCode(context, phone, code),
      CODE_ATTEMPTS,
      now,
      new Date(now.getTime() + CODE_LIFETIME_MS),
      RESEND_AFTER_S,
    ])
    if (rows.length === 0) return false
    const quotas = [
      { key: `${quotaKey} hour`, max: SENDS_AN_HOUR, windowS: 3600 },
      { key: `${quotaKey} day`, max: SENDS_A_DAY, windowS: 86_400 },
    ]
    const waitS = await takeQuotas(tx, quotas, now)
    // Throwing rolls back, so the code that was sent before goes on working.
    if (waitS > 0) throw refuseTooSoon(waitS)
    return true
  })
  if (!replaced) throw refuseTooSoon(await secondsToWait(context, phone, now))
  await sender.send(phone, code, locale).catch((error: unknown) => {
    context.log.error({ err: error }, 'sign-in code was not sent')
    throw new Refusal('identity.code_not_sent', {}, { retryAfterS: RESEND_AFTER_S })
  })
}
