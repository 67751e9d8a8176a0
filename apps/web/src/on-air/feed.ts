/** What makes messages of a camera and a microphone for the line. */
export interface Feed {
  /** The server hears from now on and knows nothing: begin with what is needed to decode. */
  begin(): void
  /** The server does not hear; nothing need be made. */
  pause(): void
  /** Another camera or microphone; the show goes on. */
  setStream(stream: MediaStream): void
  setBitrate(bitsPerSecond: number): void
  requestKey(): void
  close(): void
}

export interface FeedEvents {
  /** False when it could not be sent. */
  send(message: Uint8Array, dtsUs: number | null): boolean
  /** Whether the next picture is to be left out, for what waits already. */
  isCrowded(): boolean
  /** A recording has to begin anew, which takes another socket: one socket carries one recording. */
  restart?(): void
  failed(why: 'video' | 'audio'): void
}

/** What a feed is made of; `shortSidePx` is the most that the shorter side of the picture may have. */
export interface FeedOptions {
  stream: MediaStream
  shortSidePx: number
  bitsPerSecond: number
}
