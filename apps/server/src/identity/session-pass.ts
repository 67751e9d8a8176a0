/**
 * The pass: a short-lived proof of a session that is checked without the database (docs/adr/0003-session-check.md).
 * Text form `userId.sessionId.expiresS.signature`; the signature is HMAC-SHA-256 over what stands before it.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { deriveKey } from './auth-secret.ts'

/** A session that ended elsewhere is believed for at most this long. */
export const PASS_LIFETIME_MS = 5 * 60_000
export const PASS_COOKIE = 'chunbo_pass'
/** A pass has at most 16 + 16 + 12 digits, three dots and 43 characters of signature. */
const PASS_LENGTH_MAX = 100
/** Passes remembered as verified: two generations of this many, 25 MB at the most. */
const REMEMBERED_MAX = 65_536

export interface Pass {
  readonly userId: number
  /** 0 for a pass that was made without a session, as the benchmark does. */
  readonly sessionId: number
  readonly expiresAtMs: number
}

function signature(key: KeyObject, payload: string): string {
  return createHmac('sha256', key).update(payload).digest('base64url')
}

/** The cookie value of a pass. */
export function signPass(key: KeyObject, pass: Pass): string {
  const payload = `${pass.userId}.${pass.sessionId}.${Math.floor(pass.expiresAtMs / 1000)}`
  return `${payload}.${signature(key, payload)}`
}

/** The pass in a cookie value, or null if it was not signed with this key. Says nothing about its end. */
export function openPass(key: KeyObject, value: string): Pass | null {
  if (value.length > PASS_LENGTH_MAX) return null
  const dot = value.lastIndexOf('.')
  const match = /^(\d{1,16})\.(\d{1,16})\.(\d{1,12})$/.exec(value.slice(0, Math.max(dot, 0)))
  if (!match) return null
  const given = Buffer.from(value.slice(dot + 1))
  const right = Buffer.from(signature(key, match[0]))
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  return { userId: Number(match[1]), sessionId: Number(match[2]), expiresAtMs: Number(match[3]) * 1000 }
}

export interface PassChecker {
  /** The pass, or null when it is forged, expired or its session was ended on this node. */
  check(value: string, nowMs: number): Pass | null
  /** Refuses every pass of a session from now on, on this node. */
  end(sessionId: number, nowMs: number): void
}

/**
 * Checks passes and remembers the verified ones, so that a busy buyer costs a look into a map and no hash. Memory is
 * bounded by two generations: when the young one is full it becomes the old one, and the old one is forgotten.
 */
export function createPassChecker(key: KeyObject): PassChecker {
  let young = new Map<string, Pass>()
  let old = new Map<string, Pass>()
  const endedUntilMs = new Map<number, number>()

  function recall(value: string): Pass | null {
    const known = young.get(value)
    if (known) return known
    const pass = old.get(value) ?? openPass(key, value)
    if (!pass) return null
    if (young.size >= REMEMBERED_MAX) {
      old = young
      young = new Map()
    }
    young.set(value, pass)
    return pass
  }

  return {
    check(value, nowMs) {
      const pass = recall(value)
      if (!pass || pass.expiresAtMs <= nowMs) return null
      if (endedUntilMs.size > 0 && endedUntilMs.has(pass.sessionId)) return null
      return pass
    },
    end(sessionId, nowMs) {
      for (const [id, untilMs] of endedUntilMs) if (untilMs <= nowMs) endedUntilMs.delete(id)
      endedUntilMs.set(sessionId, nowMs + PASS_LIFETIME_MS)
    },
  }
}

/**
 * A Cookie header that proves `userId` for five minutes, made with the secret itself (AUTH_SECRET or the file in the data
 * folder). For the benchmark and tests, which know the secret; nothing over HTTP gives one out without a sign-in.
 */
export function signSessionCookie(userId: number, secret: string, now: Date): string {
  const pass = { userId, sessionId: 0, expiresAtMs: now.getTime() + PASS_LIFETIME_MS }
  return `${PASS_COOKIE}=${signPass(deriveKey(secret, 'pass'), pass)}`
}
