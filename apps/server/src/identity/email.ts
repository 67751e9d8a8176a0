/** The form in which an email is kept, trimmed and in small letters, or null for what is none. */
export function normaliseEmail(typed: string): string | null {
  const email = typed.trim().toLowerCase()
  // What better-auth checks is stricter; this only sorts out what is plainly no address.
  return email.length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email) ? email : null
}

/** An email for lists: a***@example.cn */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${email.slice(at)}`
}
