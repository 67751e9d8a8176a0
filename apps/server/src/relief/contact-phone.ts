import { normalisePhone } from '../identity/index.ts'

/**
 * A phone that somebody can be called on: a mobile or foreign number as E.164, or a landline of China with its area code,
 * which villages still have. Null when it is neither.
 */
export function contactPhone(typed: string): string | null {
  const mobile = normalisePhone(typed)
  if (mobile !== null) return mobile
  const compact = typed.replace(/[\s()（）-]/g, '')
  return /^0\d{9,11}$/.test(compact) ? compact : null
}
