import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const LENGTH = 26

/** A new stream key: 130 random bits in letters and digits that can be read aloud and typed on a phone. */
export function makeStreamKey(): string {
  return Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

/** Whether a text can be a stream key at all, so that nothing else is looked up. */
export function looksLikeStreamKey(text: string): boolean {
  return /^[a-z0-9]{26}$/.test(text)
}
