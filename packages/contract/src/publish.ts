import { type Static, Type } from 'typebox'
import { exact, oneOf, text } from './basics.ts'

/**
 * What a browser that goes on air and the server say to each other over the socket of GET /media/{roomId}/publish (upgrade). The whole of
 * it, with the order of the messages, is in docs/browser-publishing.md.
 *
 * The client speaks first, `hello` as text, and sends media only after `welcome`. Media are binary messages with a head of
 * PUBLISH_HEAD_BYTES; what the server says is text, one JSON object a message.
 */

export const PUBLISH_VERSION = 1

/** Size of the head of a binary message: kind (1 byte), flags (1), zero (2), decode time in µs (8), composition offset in µs (4, signed); big-endian. */
export const PUBLISH_HEAD_BYTES = 16

/** What a binary message carries after its head. */
export const PUBLISH_KIND = {
  /** An AVCDecoderConfigurationRecord: what the video that follows is decoded with. */
  videoConfig: 1,
  /** A byte for the codec (PUBLISH_AUDIO), then the AudioSpecificConfig of AAC or one byte with the channels of Opus. */
  audioConfig: 2,
  /** One picture: H.264 NAL units, each led by its length in 4 bytes. */
  video: 3,
  /** One AAC frame without ADTS, or one Opus packet. */
  audio: 4,
  /** The next bytes of a recording by MediaRecorder, wherever it cut them. Times in the head are not used. */
  container: 5,
} as const
export const PUBLISH_AUDIO = { aac: 1, opus: 2 } as const
/** Bit of the flags: a picture from which decoding can start. */
export const PUBLISH_FLAG_KEY = 1

/** `frames`: encoded pictures and sounds one by one, by WebCodecs. The others are what MediaRecorder makes. */
export const PUBLISH_FORMATS = ['frames', 'mp4', 'matroska'] as const
export type PublishFormat = (typeof PUBLISH_FORMATS)[number]

export const PublishHello = exact({
  t: Type.Literal('hello'),
  v: Type.Literal(PUBLISH_VERSION),
  /** 128 random bits that the client makes once a show: whoever says them again is the same publisher, and takes over at once. */
  session: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
  format: oneOf(PUBLISH_FORMATS),
  /** What encodes, for the stream's health. */
  encoder: text(64),
})
export type PublishHello = Static<typeof PublishHello>
/** `stop`: the host goes off air on purpose. A socket that ends without it is waited for. */
export const PublishClientMessage = Type.Union([PublishHello, exact({ t: Type.Literal('stop') })])
export type PublishClientMessage = Static<typeof PublishClientMessage>

export type PublishServerMessage =
  | {
      t: 'welcome'
      /** The same show goes on: no viewer was told that the picture had gone. */
      resumed: boolean
      /** How often an `ack` comes. */
      ackMs: number
      /** What the server takes at most, averaged over some seconds. */
      bitsPerSecondMax: number
      messageBytesMax: number
    }
  | {
      t: 'ack'
      /** Sum over the binary messages of this socket that have arrived, heads included. */
      bytes: number
      /** Decode time of the newest picture that has arrived; null before the first one. */
      dtsUs: number | null
      bitsPerSecond: number
    }
  /** Nothing can be shown before the next picture that decoding can start from: please make one. */
  | { t: 'key' }
  /** The socket ends. `final`: coming back would end the same way; otherwise at the earliest after `retryAfterMs`. */
  | {
      t: 'problem'
      code: PublishRefusal
      texts: { zh: string; en: string }
      final: boolean
      retryAfterMs: number
    }

interface RefusalWords {
  readonly final: boolean
  readonly retryAfterMs: number
  readonly zh: string
  readonly en: string
}

/** Why a publisher is sent away: what happened, what is kept, what to do. */
export const PUBLISH_REFUSALS = {
  bad_message: {
    final: true,
    retryAfterMs: 0,
    zh: '网页和服务器对不上，请刷新页面再开播，直播间还在',
    en: 'This page and the server do not match. Reload the page and go live again; the room is kept',
  },
  media_refused: {
    final: true,
    retryAfterMs: 0,
    zh: '这台设备送来的画面格式不能用，请换一个浏览器，或用电脑上的 OBS',
    en: 'The server cannot use the kind of video this device sends. Use another browser, or OBS on a computer',
  },
  too_much: {
    final: false,
    retryAfterMs: 3_000,
    zh: '送来的画面太大，已断开，正在用小一点的重连',
    en: 'More video came than the server takes. Reconnecting with a smaller picture',
  },
  busy: {
    final: true,
    retryAfterMs: 0,
    zh: '这个直播间已经有人在播，同一时间只能一路画面。请先让对方停播',
    en: 'Somebody is on air in this room already, and there is one picture at a time. Ask them to stop first',
  },
  full: {
    final: false,
    retryAfterMs: 10_000,
    zh: '服务器上正在播的太多，暂时接不了，会自动再试',
    en: 'The server carries as many shows as it can. Trying again by itself',
  },
  taken_over: {
    final: true,
    retryAfterMs: 0,
    zh: '另一台设备接着播了，这里已停',
    en: 'Another device has gone on air in this room, so this one has stopped',
  },
  ended: {
    final: true,
    retryAfterMs: 0,
    zh: '这场直播已经结束',
    en: 'This show has ended',
  },
  interrupted: {
    final: false,
    retryAfterMs: 1_000,
    zh: '服务器那边断开了，正在重连，直播还在',
    en: 'The server closed the line. Reconnecting; the show goes on',
  },
  silent: {
    final: false,
    retryAfterMs: 500,
    zh: '有一阵没有收到画面，正在重连，直播还在',
    en: 'No video came for a while. Reconnecting; the show goes on',
  },
  server_fault: {
    final: false,
    retryAfterMs: 3_000,
    zh: '我们这边出了点问题，正在重连，直播还在',
    en: 'Something went wrong on our side. Reconnecting; the show goes on',
  },
} as const satisfies Record<string, RefusalWords>
export type PublishRefusal = keyof typeof PUBLISH_REFUSALS
