import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../platform/config.ts'

const FILE = 'auth-secret'

/**
 * The root of all signatures: AUTH_SECRET, or one that is made once and kept in the data folder, readable only by its
 * owner. Several nodes need the same AUTH_SECRET, because each believes what another has signed.
 */
export async function loadAuthSecret(config: Pick<Config, 'authSecret' | 'dataDir'>): Promise<string> {
  if (config.authSecret) return config.authSecret
  const path = join(config.dataDir, FILE)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const secret = randomBytes(48).toString('base64url')
      await file.write(secret)
      await file.sync()
      return secret
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const kept = (await readFile(path, 'utf8')).trim()
  if (kept.length < 32) throw new Error(`${path} is damaged: remove it to make a new one; everybody signs in again`)
  return kept
}

/**
 * A key of its own for each purpose, so that a signature of one kind never passes for another. 32 bytes, as a key object:
 * with plain bytes each signature would make one anew, five times the work of the signature.
 */
export function deriveKey(secret: string, purpose: 'pass' | 'better-auth' | 'hash' | 'stream-key'): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'chunbo', purpose, 32)))
}

/** Keyed hash of something that must be recognised again and not read: a code, a phone, an address. 32 bytes. */
export function keyedHash(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
