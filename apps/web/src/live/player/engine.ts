import type { Fault, Way } from './way.ts'

/** One way at work on a video element. It is opened once; when it has told a fault it does nothing more until it is resumed or closed. */
export interface Engine {
  readonly way: Way
  /** Tries the same way again with all that it has, so that the picture need not go; false when it must be opened anew. */
  resume(): boolean
  /** Nobody looks or listens: fetch nothing until `wake`. */
  sleep(): void
  /** Somebody looks again: to what happens now. */
  wake(): void
  figures(): EngineFigures
  close(): void
}
/** What an engine of playlists is to play. */
export interface PlaylistSource {
  readonly url: string
  readonly live: boolean
  /** Seconds at which a replay starts; undefined leaves it to the playlist. */
  readonly startS: number | undefined
}
export interface EngineFigures {
  /** The server's wall clock at which what is seen now had reached it; null where the stream does not say. */
  readonly seenWallMs: number | null
  readonly bufferS: number
  readonly kbps: number | null
}
export interface EngineEvents {
  fault(fault: Fault): void
  /** The publisher is away, or back. */
  away(isAway: boolean): void
  /** The browser wants a tap before it plays. */
  blocked(): void
}

/** Plays, and tells whether the browser wants a tap first. Any other refusal is that of a newer load and no matter. */
export function tryPlay(element: HTMLVideoElement, blocked: () => void): void {
  element.play().catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'NotAllowedError') blocked()
  })
}
