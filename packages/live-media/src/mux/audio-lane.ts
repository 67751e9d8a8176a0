import type { AudioTrack } from '../codec/audio-track.ts'
import { AudioClock } from './audio-clock.ts'
import type { FragmentRun, FragmentSample } from './mp4-fragment.ts'
import { audioTrackId } from './mp4-init.ts'

/** Sounds of one chunk; ten times what the smallest packets in use fill it with. */
const framesMax = 512
/** Sound later than this behind the picture is missing, not slow: encoders interleave within half a second. */
const lateMsMax = 1_000

/**
 * The sound track of an init segment: counts its time, gathers what goes into the next chunk, and lays silence where
 * sound is missing, because a player with a sound track plays only as far as it has sound.
 */
export class AudioLane {
  readonly track: AudioTrack
  readonly #clock: AudioClock
  #run: { startTicks: number; samples: FragmentSample[] } | null = null
  #laying = false
  /** Where the first picture stands. */
  #fromMs: number | null = null
  /** Silence that was laid. */
  silenceMs = 0

  constructor(track: AudioTrack) {
    this.track = track
    this.#clock = new AudioClock(track.rateHz)
  }

  /** End of what was placed, on the stream's clock; null before the first sound. */
  get endMs(): number | null {
    return this.#clock.started ? this.#clock.endMs : null
  }

  /** Nothing but silence comes now. */
  get laying(): boolean {
    return this.#laying
  }

  /** False when the packet cannot be placed. */
  add(atMs: number, data: Buffer): boolean {
    const durationTicks = this.track.ticksOf(data)
    if (durationTicks === 0 || (this.#run?.samples.length ?? 0) >= framesMax) return false
    const placed = this.#clock.place(atMs, durationTicks)
    if (!placed) return false
    this.#laying = false
    const { startTicks, gapTicks, ticks } = placed
    const sound = soundOf(data, ticks)
    this.#bridge(startTicks - gapTicks, gapTicks, sound)
    this.#put(startTicks, sound)
    return true
  }

  /** Goes on in silence up to `atMs` when sound has been missing for too long by the pictures from `fromMs` to there. */
  layUntil(fromMs: number, atMs: number): void {
    this.#fromMs ??= fromMs
    const endMs = this.#clock.started ? this.#clock.endMs : this.#fromMs
    if (!this.#laying && atMs - endMs < lateMsMax) return
    this.#clock.startAt(this.#fromMs)
    this.#laying = true
    const ticks = this.track.ticksOf(this.track.silence)
    const frameMs = (ticks * 1000) / this.track.rateHz
    while (this.#clock.endMs + frameMs <= atMs && (this.#run?.samples.length ?? 0) < framesMax) {
      this.#put(this.#clock.append(ticks), soundOf(this.track.silence, ticks))
      this.silenceMs += frameMs
    }
  }

  /** What was gathered, for a chunk. */
  take(): FragmentRun | null {
    const run = this.#run
    this.#run = null
    return run && { trackId: audioTrackId, baseTicks: run.startTicks, samples: run.samples }
  }

  /** Whole packets of silence, and the rest by a longer one: the one before, or `next` when that is on its way. */
  #bridge(fromTicks: number, gapTicks: number, next: FragmentSample): void {
    const ticks = this.track.ticksOf(this.track.silence)
    let [at, left] = [fromTicks, gapTicks]
    for (; left >= ticks && (this.#run?.samples.length ?? 0) < framesMax - 1; left -= ticks) {
      this.#put(at, soundOf(this.track.silence, ticks))
      this.silenceMs += (ticks * 1000) / this.track.rateHz
      at += ticks
    }
    if (left === 0) return
    const before = this.#run?.samples.at(-1)
    if (before) before.durationTicks += left
    else {
      next.durationTicks += left
      this.#run = { startTicks: at, samples: [] }
    }
  }

  #put(startTicks: number, sound: FragmentSample): void {
    this.#run ??= { startTicks, samples: [] }
    this.#run.samples.push(sound)
  }
}

function soundOf(data: Buffer, durationTicks: number): FragmentSample {
  return { durationTicks, compositionTicks: 0, key: true, data: [data], sizeBytes: data.length }
}
