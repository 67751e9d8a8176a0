import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const RANDOM_LENGTH = 18
const SIGNATURE_LENGTH = 8
const SHAPE = /^[a-z0-9]{26}$/

/** Letters and digits that can be read aloud and typed on a phone, five bits each. */
function spell(bytes: Buffer, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

function signatureOf(random: string, secret: Buffer): string {
  return spell(createHmac('sha256', secret).update(random).digest(), SIGNATURE_LENGTH)
}

/** A new stream key: 90 random bits, and a signature of 40 by which a guess is told from a key without asking the database. */
export function makeStreamKey(secret: Buffer): string {
  const random = spell(randomBytes(RANDOM_LENGTH), RANDOM_LENGTH)
  return random + signatureOf(random, secret)
}

/** Whether a key was made here; it may have ended since. Takes the same time wherever a guess goes wrong. */
export function isSignedStreamKey(key: string, secret: Buffer): boolean {
  if (!SHAPE.test(key)) return false
  const signature = signatureOf(key.slice(0, RANDOM_LENGTH), secret)
  return timingSafeEqual(Buffer.from(key.slice(RANDOM_LENGTH)), Buffer.from(signature))
}

/** Whether a text can be a stream key at all, so that nothing else is looked up. Keys of before the signature have none. */
export function looksLikeStreamKey(text: string): boolean {
  return SHAPE.test(text)
}
