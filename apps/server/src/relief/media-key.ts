import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A captured request is worth nothing after this. */
export const REPLAY_WINDOW_MS = 5 * 60_000

/** A new key of a media monitor: 256 random bits, so that a plain hash of it cannot be turned back. */
export const makeMediaKey = (): string => `cbm_${randomBytes(32).toString('base64url')}`

/** What is kept of a key. */
export const hashMediaKey = (key: string): Buffer => createHash('sha256').update(key).digest()

/** The signature of a body at a time, as it stands in the header. @param timestamp Unix seconds as text */
export function signMedia(key: string, timestamp: string, body: Uint8Array): string {
  return `sha256=${createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex')}`
}

/** Whether a signature is the body's, in a time that does not tell how much of it is right. */
export function isSignedWith(key: string, timestamp: string, body: Uint8Array, signature: string): boolean {
  const wanted = Buffer.from(signMedia(key, timestamp, body))
  const given = Buffer.from(signature)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Whether a timestamp in Unix seconds is near enough to now. */
export function isFresh(timestamp: string, now: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now.getTime()) <= REPLAY_WINDOW_MS
}
