/**
 * Decimal text to whole small units (fen, grams) without passing through floats: "19.9" yuan is 1990 fen, and not
 * 1989.9999. What people really type is understood: full-width digits, a Chinese full stop, thousands separators, spaces.
 */

export type Parsed =
  | { ok: true; value: number }
  | { ok: false; why: 'empty' | 'not_a_number' | 'too_fine' | 'too_large' }

/** ASCII digits and point from what an input method may leave behind. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[。｡]/g, '.')
    .replace(/[\s,¥]/g, '')
}

/**
 * Reads `text` as a number of units, each worth `perUnit` small units, and answers whole small units.
 * `max` in small units. Refuses what is not an exact number of small units.
 */
export function parseDecimal(text: string, perUnit: number, max: number): Parsed {
  const cleaned = plain(text)
  if (cleaned === '') return { ok: false, why: 'empty' }
  const match = /^(\d{0,15})(?:\.(\d{0,12}))?$/.exec(cleaned)
  if (!match || cleaned === '.') return { ok: false, why: 'not_a_number' }
  const [, whole = '', part = ''] = match
  const scale = 10n ** BigInt(part.length)
  const scaled = BigInt(whole + part || '0') * BigInt(perUnit)
  if (scaled % scale !== 0n) return { ok: false, why: 'too_fine' }
  const value = scaled / scale
  return value > BigInt(max) ? { ok: false, why: 'too_large' } : { ok: true, value: Number(value) }
}
