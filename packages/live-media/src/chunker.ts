import { AudioClock } from './audio-clock.ts'
import { type AudioTrack, parseAudioTrack, sameAudioTrack } from './audio-track.ts'
import { type AvcConfig, inspectNalUnits, parseAvcConfig } from './avc.ts'
import { type Cut, decideCut, partTargetFor } from './cut.ts'
import type { AudioConfig, AudioSample, VideoSample } from './ingest-sink.ts'
import type { StreamLimits } from './limits.ts'
import { type FragmentRun, type FragmentSample, makeFragment } from './mp4-fragment.ts'
import { audioTrackId, type InitSegment, makeInitSegment, videoTicksPerMs, videoTrackId } from './mp4-init.ts'
import { Timeline } from './timeline.ts'

/** About 66 ms of fragmented MP4: the atom of the package. Parts are made of chunks, segments of parts. */
export interface Chunk {
  bytes: Buffer
  init: InitSegment
  /** On the stream's own clock. */
  startMs: number
  durationMs: number
  /** Begins with a key frame: a viewer can start here. */
  key: boolean
  startsSegment: boolean
  /** Players must reset their decoders before this chunk. Only on a chunk that starts a segment. */
  discontinuity: boolean
  endsPart: boolean
  endsSegment: boolean
  /** The segment that follows, whenever it comes, will start with a discontinuity. */
  discontinuityAfter: boolean
  partTargetMs: number
}

export interface ChunkerStart {
  limits: StreamLimits
  /** Where the stream's clock stands. */
  startMs: number
  sequence: number
  /** Fixed once a playlist has declared it; null lets the first frames decide. */
  partTargetMs: number | null
  /** True when something was played before this ingest. */
  discontinuity: boolean
  onChunk: (chunk: Chunk) => void
}

interface PendingFrame extends FragmentSample {
  atMs: number
}

const compositionMsMax = 5_000
const heldFramesMax = 300
const audioFramesMax = 512

/** Turns the samples of one ingest into chunks. Not reusable: a resumed publisher gets a new one. */
export class Chunker {
  readonly #limits: StreamLimits
  readonly #onChunk: (chunk: Chunk) => void
  readonly #timeline: Timeline
  #sequence: number
  #partTargetMs: number | null
  #video: AvcConfig | null = null
  #audio: AudioTrack | null = null
  /** Known, but not in the init segment that plays; comes in with the next key frame. */
  #nextAudio: AudioTrack | null = null
  #audioClock: AudioClock | null = null
  #init: InitSegment | null = null
  #held: VideoSample[] = []
  #frames: PendingFrame[] = []
  #sounds: { startTicks: number; samples: FragmentSample[] } | null = null
  #segmentStartMs = 0
  #partStartMs = 0
  #segmentBytes = 0
  #segmentOpen = false
  #discontinuity: boolean
  #nextDiscontinuity = false
  #firstChunkOfSegment = false
  droppedFrames = 0
  droppedSounds = 0

  constructor(start: ChunkerStart) {
    this.#limits = start.limits
    this.#onChunk = start.onChunk
    this.#timeline = new Timeline(start.startMs, 33)
    this.#sequence = start.sequence
    this.#partTargetMs = start.partTargetMs
    this.#discontinuity = start.discontinuity
  }

  get sequence(): number {
    return this.#sequence
  }

  /** Where the stream's clock stands after what was put in so far. */
  get endMs(): number {
    return Math.max(this.#timeline.nextMs, this.#audioClock?.endMs ?? 0)
  }

  get clockJumps(): number {
    return this.#timeline.jumps
  }

  get audioCodec(): string | null {
    return (this.#nextAudio ?? this.#audio)?.codec ?? null
  }

  /** @throws MediaFormatError */
  setVideo(avcC: Buffer): AvcConfig {
    if (this.#video?.avcC.equals(avcC)) return this.#video
    const video = parseAvcConfig(avcC)
    this.#held = []
    if (this.#init) this.#startOver()
    this.#video = video
    return video
  }

  /** @throws MediaFormatError */
  setAudio(config: AudioConfig): void {
    const audio = parseAudioTrack(config)
    if (this.#audio && sameAudioTrack(this.#audio, audio)) {
      this.#nextAudio = null
      return
    }
    if (this.#init) {
      this.#nextAudio = audio
    } else {
      this.#audio = audio
      this.#releaseHeld()
    }
  }

  video(sample: VideoSample): void {
    const nal = this.#video ? inspectNalUnits(sample.data) : null
    if (!nal) {
      this.droppedFrames++
      return
    }
    if (!this.#init) {
      this.#hold(sample)
      return
    }
    this.#place(sample, nal.hasParameterSets)
  }

  audio(sample: AudioSample): void {
    if (!this.#audio || this.#nextAudio || !this.#segmentOpen || sample.data.length === 0) {
      this.droppedSounds++
      return
    }
    const atMs = this.#timeline.audio(sample.dtsMs)
    const durationTicks = this.#audio.ticksOf(sample.data)
    this.#audioClock ??= new AudioClock(this.#audio.rateHz)
    const full = (this.#sounds?.samples.length ?? 0) >= audioFramesMax
    const placed = atMs === null || durationTicks === 0 || full ? null : this.#audioClock.place(atMs, durationTicks)
    if (!placed) {
      this.droppedSounds++
      return
    }
    const sound = { durationTicks, compositionTicks: 0, key: true, data: [sample.data], sizeBytes: sample.data.length }
    // A gap is bridged by a longer frame, since source buffers stall at holes: the one before it, or this one when the
    // one before is already on its way.
    const before = this.#sounds?.samples.at(-1) ?? sound
    before.durationTicks += placed.gapTicks
    this.#sounds ??= { startTicks: placed.startTicks - placed.gapTicks, samples: [] }
    this.#sounds.samples.push(sound)
    this.#segmentBytes += sample.data.length
  }

  /** Ends the open segment with what there is. */
  end(): void {
    if (!this.#init) this.#releaseHeld(true)
    this.#nextDiscontinuity = true
    this.#flush('segment', this.#timeline.nextMs)
    this.#segmentOpen = false
  }

  /** The start waits a little for an audio configuration, since adding a track later costs viewers a discontinuity. */
  #hold(sample: VideoSample): void {
    const first = this.#held[0]
    if (!first && !sample.key) {
      this.droppedFrames++
      return
    }
    this.#held.push(sample)
    const waitedMs = first ? Math.abs(sample.dtsMs - first.dtsMs) : 0
    if (this.#audio || waitedMs >= this.#limits.audioWaitMs || this.#held.length >= heldFramesMax) this.#releaseHeld()
  }

  #releaseHeld(evenIfEmpty = false): void {
    if (!this.#video || (this.#held.length === 0 && !evenIfEmpty)) return
    this.#init = makeInitSegment(this.#video, this.#audio)
    const held = this.#held
    this.#held = []
    for (const sample of held) this.#place(sample, inspectNalUnits(sample.data)?.hasParameterSets ?? false)
  }

  /** New parameter sets: what was open ends, and nothing is sent until the next key frame. */
  #startOver(): void {
    this.#nextDiscontinuity = true
    this.#flush('segment', this.#timeline.nextMs)
    this.#segmentOpen = false
    this.#audio = this.#nextAudio ?? this.#audio
    this.#nextAudio = null
    this.#audioClock = null
    this.#init = null
  }

  #place(sample: VideoSample, hasParameterSets: boolean): void {
    if (!this.#segmentOpen && !sample.key) {
      this.droppedFrames++
      return
    }
    const atMs = this.#timeline.video(sample.dtsMs)
    const last = this.#frames.at(-1)
    if (last) last.durationTicks = (atMs - last.atMs) * videoTicksPerMs
    if (this.#segmentOpen) this.#flush(this.#cutBefore(atMs, sample.key), atMs)
    if (!this.#segmentOpen) this.#openSegment(atMs)
    // Readers that keep their first init, ffmpeg among them, need the parameter sets in the key frame itself.
    const sets = sample.key && !hasParameterSets && this.#video ? [this.#video.parameterSets] : []
    const data = [...sets, sample.data]
    const sizeBytes = data.reduce((sum, piece) => sum + piece.length, 0)
    const shiftMs = clamp(sample.compositionMs, -compositionMsMax, compositionMsMax)
    this.#frames.push({
      atMs,
      durationTicks: Math.max(1, Math.round(this.#timeline.frameMs)) * videoTicksPerMs,
      compositionTicks: Math.round(shiftMs * videoTicksPerMs),
      key: sample.key,
      data,
      sizeBytes,
    })
    this.#segmentBytes += sizeBytes
  }

  #cutBefore(atMs: number, key: boolean): Cut {
    if (key && this.#nextAudio) {
      this.#nextDiscontinuity = true
      return 'segment'
    }
    const frameMs = this.#timeline.frameMs
    const input = {
      chunkMs: atMs - (this.#frames[0]?.atMs ?? atMs),
      partMs: atMs - this.#partStartMs,
      segmentMs: atMs - this.#segmentStartMs,
      segmentBytes: this.#segmentBytes,
      key,
      frameMs,
      partTargetMs: this.#partTargetMs ?? partTargetFor(frameMs, this.#limits.partMs),
    }
    return decideCut(input, this.#limits)
  }

  #openSegment(atMs: number): void {
    if (this.#nextAudio && this.#video) {
      this.#audio = this.#nextAudio
      this.#nextAudio = null
      this.#audioClock = null
      this.#init = makeInitSegment(this.#video, this.#audio)
    }
    this.#discontinuity ||= this.#nextDiscontinuity
    this.#nextDiscontinuity = false
    this.#segmentOpen = true
    this.#firstChunkOfSegment = true
    this.#segmentStartMs = atMs
    this.#partStartMs = atMs
    this.#segmentBytes = 0
  }

  #flush(cut: Cut, atMs: number): void {
    const first = this.#frames[0]
    if (cut === 'none' || !first || !this.#init) return
    const runs: FragmentRun[] = [
      { trackId: videoTrackId, baseTicks: first.atMs * videoTicksPerMs, samples: this.#frames },
    ]
    if (this.#sounds) {
      runs.push({ trackId: audioTrackId, baseTicks: this.#sounds.startTicks, samples: this.#sounds.samples })
    }
    const endsPart = cut === 'part' || cut === 'segment'
    if (endsPart) this.#partTargetMs ??= partTargetFor(this.#timeline.frameMs, this.#limits.partMs)
    const chunk: Chunk = {
      bytes: makeFragment(++this.#sequence, runs),
      init: this.#init,
      startMs: first.atMs,
      durationMs: atMs - first.atMs,
      key: first.key,
      startsSegment: this.#firstChunkOfSegment,
      discontinuity: this.#firstChunkOfSegment && this.#discontinuity,
      endsPart,
      endsSegment: cut === 'segment',
      discontinuityAfter: this.#nextDiscontinuity,
      partTargetMs: this.#partTargetMs ?? partTargetFor(this.#timeline.frameMs, this.#limits.partMs),
    }
    this.#afterFlush(cut, atMs)
    this.#onChunk(chunk)
  }

  #afterFlush(cut: Cut, atMs: number): void {
    this.#frames = []
    this.#sounds = null
    if (this.#firstChunkOfSegment) this.#discontinuity = false
    this.#firstChunkOfSegment = false
    if (cut !== 'chunk') this.#partStartMs = atMs
    if (cut === 'segment') this.#segmentOpen = false
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
