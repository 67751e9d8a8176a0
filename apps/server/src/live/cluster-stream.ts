import { looksLikeStreamKey } from './stream-key.ts'

/**
 * A room on a media cluster has a public name, which viewers see in the address that they play, and a secret key, which only publishers
 * send: `rtmp://push.example.org/live/room-12?key=...`. A cluster cannot rename a stream, so the key must not be its name.
 */

/** What a cluster tells of, whatever server it is made of. */
export type ClusterEvent =
  | {
      readonly kind: 'publish'
      readonly roomId: number
      readonly session: string
      readonly sourceType: string
      /** Null where the cluster has let the publisher in before, by asking for it. */
      readonly key: string | null
      /** Address of the publisher as the cluster sees it; for counting wrong keys, never stored. */
      readonly publisher: string
    }
  | { readonly kind: 'unpublish'; readonly roomId: number; readonly session: string }
  | {
      readonly kind: 'recorded'
      readonly roomId: number
      readonly file: string
      readonly durationMs: number | null
    }

export function streamNameOf(roomId: number): string {
  return `room-${roomId}`
}

/** The room that a public name belongs to, or null. */
export function roomOfStreamName(name: string): number | null {
  const match = /^room-([1-9]\d{0,14})$/.exec(name)
  return match ? Number(match[1]) : null
}

/** The stream key among a publisher's parameters (`?key=…&…`), or null. */
export function keyOfParams(params: string): string | null {
  const key = new URLSearchParams(params).get('key')
  return key !== null && looksLikeStreamKey(key) ? key : null
}

/** A publisher's stream is a key, or a public name with the key behind it (`room-12?key=…`); the key, or null. */
export function keyOfStream(stream: string): string | null {
  const [name = '', params] = stream.split('?')
  const key = params === undefined ? name : keyOfParams(params)
  return key !== null && looksLikeStreamKey(key) ? key : null
}

/** Fills `{stream}` and `{room}` of a configured address. */
export function fillRoom(template: string, roomId: number): string {
  return template.replaceAll('{stream}', streamNameOf(roomId)).replaceAll('{room}', String(roomId))
}

/** Where a recorded file can be fetched: by its own name, for the folders before it are the cluster's business. */
export function fillFile(template: string, file: string): string {
  const name = file.split(/[/\\]/).at(-1) ?? ''
  return template.replaceAll('{file}', encodeURIComponent(name))
}
