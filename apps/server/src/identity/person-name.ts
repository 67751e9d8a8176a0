import { Refusal } from '../platform/problem.ts'

/**
 * A name as it stands beside chat lines and orders: composed (NFC), without control, direction-changing and invisible
 * characters, by which one could pass for another or break the line; white space single. 40 characters at most.
 * @throws Refusal request.invalid when nothing is left of it
 */
export function readPersonName(typed: string): string {
  const name = typed
    .normalize('NFC')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff]/g, '')
    .replace(/[\s\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  if (name === '') throw new Refusal('request.invalid', {}, { fields: [{ path: 'body/name', message: 'is empty' }] })
  // Composing may lengthen a text in rare scripts; the column holds 40.
  return [...name].slice(0, 40).join('')
}
