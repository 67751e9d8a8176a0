/**
 * What the server says over the socket of a live picture, as text between the pieces of video: `init` before an init segment, `gap` where a
 * slow reader was skipped ahead to a key frame, `waiting` while the publisher is away, `ended` when the show is over.
 */
export type SocketWord =
  | {
      readonly kind: 'init'
      readonly mime: string
      /** The stream's own clock where the next piece begins. */
      readonly startMs: number
      /** The server's wall clock in that instant; null when it did not say. */
      readonly wallMs: number | null
      readonly discontinuity: boolean
    }
  | { readonly kind: 'gap' | 'waiting' | 'ended' }

const MIME_CHARS_MAX = 200

/** Null for anything else: a word that a later server may say is no reason to stop. */
export function readSocketWord(text: string): SocketWord | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { kind, mime, startMs, wallMs, discontinuity } = value as Partial<Record<string, unknown>>
  if (kind === 'gap' || kind === 'waiting' || kind === 'ended') return { kind }
  if (kind !== 'init' || typeof mime !== 'string' || mime.length > MIME_CHARS_MAX || !isTime(startMs)) return null
  return { kind, mime, startMs, wallMs: isTime(wallMs) ? wallMs : null, discontinuity: discontinuity === true }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
