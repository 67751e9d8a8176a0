/**
 * The E.164 form of what somebody typed, or null. Without a country code it is a number of mainland China, whose
 * mobile numbers have eleven digits and begin with 1.
 */
export function normalisePhone(typed: string): string | null {
  const compact = typed.replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(compact)) return `+86${compact}`
  const international = compact.replace(/^00/, '+')
  if (/^\+861[3-9]\d{9}$/.test(international)) return international
  if (/^\+86/.test(international)) return null
  return /^\+[1-9]\d{6,14}$/.test(international) ? international : null
}

/** A phone for lists and logs: enough to recognise, not to call. +8613812345678 becomes 138****5678. */
export function maskPhone(phone: string): string {
  const local = phone.startsWith('+86') ? phone.slice(3) : phone
  return `${local.slice(0, local.length > 8 ? 3 : 1)}****${local.slice(-4)}`
}
