/**
 * What the server and its media process say to each other over the channel between them. Both are ours, so words are typed and only their
 * kind is checked on arrival. Every question has a deadline and every queue an end: a side that hangs costs the other nothing.
 */
import assert from 'node:assert/strict'
import type {
  IngestRefusal,
  PublishDenial,
  PublishGrant,
  StreamHealth,
  StreamLimits,
  ViewerCounts,
} from '@chunbo/live-media'
import type { UpgradeRequest } from '@chunbo/web-socket'
import type { StoragePlace } from '../platform/storage.ts'

/** What the media process is told once, before anything else. */
export interface MediaSettings {
  /** 0 takes a free one. */
  readonly rtmpPort: number
  /** Where a front may fetch video without passing the server; null keeps it to the server alone. */
  readonly mediaPort: number | null
  /** Origin of our own pages. */
  readonly publicUrl: string
  /** A front on the media port says who asks. */
  readonly trustProxy: boolean
  /** Where recordings are kept, below `recordings/`. */
  readonly storage: StoragePlace
  /** Below so much free space there nothing is recorded. */
  readonly freeBytesMin: number
  /** Those that differ from the package's own. */
  readonly limits: Partial<StreamLimits>
  /** Rooms that have renditions at the same time; 0 makes none. */
  readonly ladders: number
  /** Base64 of what stream keys are signed with: guesses are told from keys without asking the server. */
  readonly streamKeySecret: string
  /** Whoever shows it on the media port speaks for the server. */
  readonly secret: string
  readonly logLevel: string
}

/** Whose connection is handed over, and what the server has found out about them. */
export type Handed =
  | {
      readonly as: 'viewer'
      readonly roomId: number
      /** Counts towards limits. */
      readonly address: string
    }
  | {
      readonly as: 'publisher'
      readonly roomId: number
      readonly userId: number
      /** Who publishes there now gives way to this one. */
      readonly takeover: boolean
      /** Why this one may not publish after all: a page only sees words that come over an open socket. */
      readonly refusal: 'ended' | null
    }

/** An upgraded connection, which goes along with this word; see Arrivals. */
export interface HandedOver {
  readonly kind: 'connection'
  readonly id: number
  readonly handed: Handed
  readonly request: UpgradeRequest
  /** Base64. */
  readonly head: string
}
export interface HandOverDone {
  readonly kind: 'free'
  readonly id: number
}

/** A change of one room's video. */
export type MediaEventName =
  | 'publish.started'
  | 'publish.refused'
  | 'video.arrived'
  | 'publish.ended'
  | 'stream.ended'
  | 'recording.failed'
  | 'recording.changed'

/** Questions of the server. */
export interface ServerQuestions {
  /** Ends a room's stream and settles its recording. */
  end: { ask: { roomId: number; reason: string }; answer: null }
}

/** Questions of the media process. */
export interface MediaQuestions {
  /** Which room a stream key opens now. */
  authorise: { ask: { streamKey: string; address: string }; answer: PublishGrant | PublishDenial | null }
  /** Whether anybody may watch this room's video. */
  isPublic: { ask: { roomId: number }; answer: boolean }
}

type Asked<Questions> = {
  [Name in keyof Questions]: { kind: 'ask'; id: number; name: Name; ask: AskOf<Questions, Name> }
}[keyof Questions]
type AskOf<Questions, Name extends keyof Questions> = Questions[Name] extends { ask: infer Ask } ? Ask : never
type AnswerOf<Questions, Name extends keyof Questions> = Questions[Name] extends { answer: infer Answer }
  ? Answer
  : never
interface Answered {
  kind: 'answer'
  id: number
  /** Undefined when the other side failed. */
  answer?: unknown
}

export type ToMedia =
  | { kind: 'start'; settings: MediaSettings }
  | { kind: 'close' }
  | HandedOver
  | HandOverDone
  | Asked<ServerQuestions>
  | Answered

export type FromMedia =
  | { kind: 'listening'; rtmpPort: number; httpPort: number }
  /** It cannot listen and ends. */
  | { kind: 'refused'; code: string; port: number; message: string }
  | {
      kind: 'event'
      name: MediaEventName
      roomId: number
      health: StreamHealth | null
      /** With `publish.refused`. */
      refusal: (IngestRefusal & { atMs: number }) | null
    }
  /** Every second: all streams, and who watches over sockets. */
  | { kind: 'pulse'; streams: StreamHealth[]; viewers: ViewerCounts }
  | Asked<MediaQuestions>
  | Answered

const toMediaKinds: ReadonlySet<unknown> = new Set<ToMedia['kind']>([
  'start',
  'close',
  'connection',
  'free',
  'ask',
  'answer',
])
const fromMediaKinds: ReadonlySet<unknown> = new Set<FromMedia['kind']>([
  'listening',
  'refused',
  'event',
  'pulse',
  'ask',
  'answer',
])

export function readToMedia(value: unknown): ToMedia {
  assert.ok(isWord(value) && toMediaKinds.has(value.kind), 'not a word for the media process')
  return value as ToMedia
}

export function readFromMedia(value: unknown): FromMedia {
  assert.ok(isWord(value) && fromMediaKinds.has(value.kind), 'not a word of the media process')
  return value as FromMedia
}

function isWord(value: unknown): value is { kind: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value
}

const openMax = 2_000

interface Open {
  settle(answer: unknown): void
  fail(error: Error): void
}

/** The questions of one side that wait for the other's answer. */
export class Asker<Questions> {
  readonly #open = new Map<number, Open>()
  readonly #send: (word: Asked<Questions>) => void
  #lastId = 0

  constructor(send: (word: Asked<Questions>) => void) {
    this.#send = send
  }

  /** @throws when too many wait, the deadline passes, the other side fails or goes away */
  ask<Name extends keyof Questions>(
    name: Name,
    ask: AskOf<Questions, Name>,
    waitMs: number,
  ): Promise<AnswerOf<Questions, Name>> {
    if (this.#open.size >= openMax) return Promise.reject(new Error(`too many questions wait: ${String(name)}`))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#open.delete(id)
      }
      const fail = (error: Error): void => {
        done()
        reject(error)
      }
      const timer = setTimeout(() => fail(new Error(`no answer in time: ${String(name)}`)), waitMs)
      const settle = (answer: unknown): void => {
        done()
        if (answer === undefined) reject(new Error(`the other side failed: ${String(name)}`))
        else resolve(answer as AnswerOf<Questions, Name>)
      }
      this.#open.set(id, { settle, fail })
      this.#send({ kind: 'ask', id, name, ask })
    })
  }

  /** Takes an answer; one that comes too late finds nobody. */
  settle({ id, answer }: Answered): void {
    this.#open.get(id)?.settle(answer)
  }

  /** The other side is gone. */
  failAll(): void {
    for (const open of [...this.#open.values()]) open.fail(new Error('the other side is gone'))
  }
}
