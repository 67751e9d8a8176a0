import { type AudioTrack, parseAudioTrack, sameAudioTrack } from '../codec/audio-track.ts'
import { avcConfigIn } from '../codec/avc.ts'
import { inspectNalUnits, parseVideoTrack, type VideoTrack } from '../codec/video-track.ts'
import {
  type AudioConfig,
  type AudioSample,
  MediaFormatError,
  type VideoCodec,
  type VideoSample,
} from '../ingest-sink.ts'
import type { StreamLimits } from '../limits.ts'
import { AudioLane } from './audio-lane.ts'
import { type Cut, decideCut, partTargetFor } from './cut.ts'
import { type FragmentRun, type FragmentSample, makeFragment } from './mp4-fragment.ts'
import { type InitSegment, makeInitSegment, videoTicksPerMs, videoTrackId } from './mp4-init.ts'
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
const pictureGuessMs = 33
const soundGuessMs = 21

/**
 * Turns the samples of one ingest into chunks. Not reusable: a resumed publisher gets a new one. The picture leads, and
 * sound goes with it; where no picture comes, sound leads and plays alone until one does.
 */
export class Chunker {
  readonly #limits: StreamLimits
  readonly #onChunk: (chunk: Chunk) => void
  readonly #timeline: Timeline
  #sequence: number
  #partTargetMs: number | null
  #video: VideoTrack | null = null
  /** The record as the publisher gave it last: some give the same one again with every key frame. */
  #givenRecord: Buffer | null = null
  #audio: AudioTrack | null = null
  /** Known, but not in the init segment that plays; comes in with the next key frame. */
  #nextAudio: AudioTrack | null = null
  #lane: AudioLane | null = null
  #init: InitSegment | null = null
  #lead: 'picture' | 'sound' = 'picture'
  /** Sound that came since the last picture. */
  #soundMs = 0
  #held: VideoSample[] = []
  #frames: PendingFrame[] = []
  #soundsFromMs: number | null = null
  #segmentStartMs = 0
  #partStartMs = 0
  #segmentBytes = 0
  #segmentOpen = false
  #discontinuity: boolean
  #nextDiscontinuity = false
  #firstChunkOfSegment = false
  #silenceMs = 0
  droppedFrames = 0
  droppedSounds = 0

  constructor(start: ChunkerStart) {
    this.#limits = start.limits
    this.#onChunk = start.onChunk
    this.#timeline = new Timeline(start.startMs, pictureGuessMs)
    this.#sequence = start.sequence
    this.#partTargetMs = start.partTargetMs
    this.#discontinuity = start.discontinuity
  }

  get sequence(): number {
    return this.#sequence
  }

  /** Where the stream's clock stands after what was put in so far. */
  get endMs(): number {
    return Math.max(this.#timeline.nextMs, this.#lane?.endMs ?? 0)
  }

  get clockJumps(): number {
    return this.#timeline.jumps
  }

  /** Silence laid in place of sound that did not come; whether it is being laid now. */
  get silence(): { laidMs: number; now: boolean } {
    return { laidMs: Math.round(this.#silenceMs + (this.#lane?.silenceMs ?? 0)), now: this.#lane?.laying ?? false }
  }

  get picture(): VideoTrack | null {
    return this.#video
  }

  get sound(): AudioTrack | null {
    return this.#nextAudio ?? this.#audio
  }

  /** @throws MediaFormatError */
  setVideo(record: Buffer, codec: VideoCodec = 'avc'): void {
    if (this.#givenRecord?.equals(record) && this.#video?.kind === codec) return
    this.#givenRecord = Buffer.from(record)
    this.#adoptVideo(parseVideoTrack(record, codec))
  }

  /** @throws MediaFormatError */
  setAudio(config: AudioConfig): void {
    const audio = parseAudioTrack(config)
    if (this.#audio && sameAudioTrack(this.#audio, audio)) {
      this.#nextAudio = null
    } else if (this.#init && this.#lead === 'picture') {
      this.#nextAudio = audio
    } else {
      if (this.#init) this.#startOver()
      this.#audio = audio
      if (this.#lead === 'picture') this.#releaseHeld()
    }
  }

  /** @throws MediaFormatError when the picture has become larger than the limit */
  video(sample: VideoSample): void {
    const nal = this.#video ? inspectNalUnits(sample.data, this.#video.kind) : null
    if (!nal) {
      this.droppedFrames++
      return
    }
    if (sample.key && nal.hasParameterSets) this.#followParameterSets(sample.data)
    if (this.#lead === 'sound') {
      if (!sample.key) {
        this.droppedFrames++
        return
      }
      if (this.#init) this.#startOver()
      this.#lead = 'picture'
      this.#timeline.changeLead(pictureGuessMs)
    }
    if (!this.#init) this.#hold(sample)
    else this.#place(sample, nal.hasParameterSets)
  }

  audio(sample: AudioSample): void {
    const track = this.sound
    const soundMs = track && sample.data.length > 0 ? (track.ticksOf(sample.data) * 1000) / track.rateHz : 0
    if (!track || soundMs === 0) {
      this.droppedSounds++
      return
    }
    this.#soundMs += soundMs
    if (this.#lead === 'picture' && this.#soundMs > this.#limits.pictureWaitMs) this.#leadBySound(track)
    if (this.#lead === 'sound') {
      this.#placeSound(sample)
      return
    }
    const atMs = this.#nextAudio || !this.#segmentOpen ? null : this.#timeline.follow(sample.dtsMs)
    if (atMs === null || !this.#lane?.add(atMs, sample.data)) {
      this.droppedSounds++
      return
    }
    this.#segmentBytes += sample.data.length
  }

  /** Ends the open segment with what there is. */
  end(): void {
    if (!this.#init && this.#lead === 'picture') this.#releaseHeld(true)
    this.#nextDiscontinuity = true
    this.#closeSegment()
  }

  /** @throws MediaFormatError */
  #adoptVideo(video: VideoTrack): void {
    const { widthPx: width, heightPx: height } = video
    const { pictureLongPx: long, pictureShortPx: short } = this.#limits
    if (Math.max(width, height) > long || Math.min(width, height) > short) {
      throw new MediaFormatError('picture_too_large', { width, height, max: `${long}×${short}` })
    }
    this.#held = []
    if (this.#init && this.#lead === 'picture') this.#startOver()
    this.#video = video
  }

  /** Phones that are turned may send the new picture size in the key frame alone, and no new record. */
  #followParameterSets(data: Buffer): void {
    if (this.#video?.kind !== 'avc') return
    const record = avcConfigIn(data)
    if (!record) return
    const spsBytes = record.readUInt16BE(6)
    if (this.#video.parameterSets.includes(record.subarray(8, 8 + spsBytes))) return
    try {
      this.#adoptVideo(parseVideoTrack(record, 'avc'))
    } catch (error) {
      if (error instanceof MediaFormatError && error.refusal.code === 'picture_too_large') throw error
    }
  }

  /** The start waits a little for an audio configuration, since adding a track later costs viewers a discontinuity. */
  #hold(sample: VideoSample): void {
    const first = this.#held[0]
    if (!first && !sample.key) {
      this.droppedFrames++
      return
    }
    this.#soundMs = 0
    this.#held.push(sample)
    const waitedMs = first ? Math.abs(sample.dtsMs - first.dtsMs) : 0
    if (this.#audio || waitedMs >= this.#limits.audioWaitMs || this.#held.length >= heldFramesMax) this.#releaseHeld()
  }

  #releaseHeld(evenIfEmpty = false): void {
    if (!this.#video || (this.#held.length === 0 && !evenIfEmpty)) return
    this.#begin(this.#video)
    const held = this.#held
    this.#held = []
    for (const sample of held) {
      this.#place(sample, inspectNalUnits(sample.data, this.#video.kind)?.hasParameterSets ?? false)
    }
  }

  #begin(video: VideoTrack | null): void {
    this.#init = makeInitSegment(video, this.#audio)
    this.#silenceMs += this.#lane?.silenceMs ?? 0
    this.#lane = this.#audio && new AudioLane(this.#audio)
  }

  /** New tracks: what was open ends, and nothing is sent until the next key frame. */
  #startOver(): void {
    this.#nextDiscontinuity = true
    this.#closeSegment()
    this.#audio = this.#nextAudio ?? this.#audio
    this.#nextAudio = null
    this.#init = null
  }

  #closeSegment(): void {
    this.#flush('segment', this.#lead === 'sound' ? (this.#lane?.endMs ?? 0) : this.#timeline.nextMs)
    this.#segmentOpen = false
  }

  /** No picture has come for long: those who listen are not kept waiting for it. */
  #leadBySound(track: AudioTrack): void {
    if (this.#init) this.#startOver()
    this.#held = []
    this.#audio = track
    this.#nextAudio = null
    this.#lead = 'sound'
    this.#timeline.changeLead(soundGuessMs)
  }

  #placeSound(sample: AudioSample): void {
    if (!this.#init) this.#begin(null)
    const lane = this.#lane
    const stampMs = this.#timeline.lead(sample.dtsMs)
    const atMs = lane?.endMs ?? stampMs
    // A listener can start at any sound, so a segment ends as soon as it is long enough.
    const isDue = atMs - this.#segmentStartMs >= this.#limits.segmentMs
    if (this.#segmentOpen) this.#flush(this.#cutBefore(atMs, isDue), atMs)
    if (!this.#segmentOpen) this.#openSegment(atMs)
    if (!lane?.add(stampMs, sample.data)) {
      this.droppedSounds++
      return
    }
    this.#soundsFromMs ??= atMs
    this.#segmentBytes += sample.data.length
  }

  #place(sample: VideoSample, hasParameterSets: boolean): void {
    if (!this.#segmentOpen && !sample.key) {
      this.droppedFrames++
      return
    }
    this.#soundMs = 0
    const atMs = this.#timeline.lead(sample.dtsMs)
    const last = this.#frames.at(-1)
    if (last) last.durationTicks = (atMs - last.atMs) * videoTicksPerMs
    if (this.#segmentOpen) this.#flush(this.#cutBefore(atMs, sample.key), atMs)
    if (!this.#segmentOpen) this.#openSegment(atMs)
    // Readers that keep their first init, ffmpeg among them, need the parameter sets in the key frame itself.
    const sets = sample.key && !hasParameterSets && this.#video ? [this.#video.parameterSets] : []
    const data = [...sets, sample.data]
    const sizeBytes = data.reduce((sum, piece) => sum + piece.length, 0)
    // Nothing is shown before the clock's zero: players cut off what is.
    const shiftMs = Math.max(Math.min(sample.compositionMs, compositionMsMax), -compositionMsMax, -atMs)
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
      chunkMs: atMs - (this.#frames[0]?.atMs ?? this.#soundsFromMs ?? atMs),
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
    if (this.#nextAudio && this.#video && this.#lead === 'picture') {
      this.#audio = this.#nextAudio
      this.#nextAudio = null
      this.#begin(this.#video)
    }
    this.#discontinuity ||= this.#nextDiscontinuity
    this.#nextDiscontinuity = false
    this.#segmentOpen = true
    this.#firstChunkOfSegment = true
    this.#segmentStartMs = atMs
    this.#partStartMs = atMs
    this.#segmentBytes = 0
  }

  /** The tracks of the next chunk; nothing while nothing was gathered. */
  #takeRuns(atMs: number): FragmentRun[] {
    const [first] = this.#frames
    if (this.#lead === 'picture') {
      if (!first) return []
      this.#lane?.layUntil(first.atMs, atMs)
    }
    const sounds = this.#lane?.take()
    const pictures = { trackId: videoTrackId, baseTicks: (first?.atMs ?? 0) * videoTicksPerMs, samples: this.#frames }
    return [...(first ? [pictures] : []), ...(sounds ? [sounds] : [])]
  }

  #flush(cut: Cut, atMs: number): void {
    const [first] = this.#frames
    const startMs = first?.atMs ?? this.#soundsFromMs
    if (cut === 'none' || startMs === null || !this.#init) return
    const runs = this.#takeRuns(atMs)
    if (runs.length === 0) return
    const endsPart = cut === 'part' || cut === 'segment'
    if (endsPart) this.#partTargetMs ??= partTargetFor(this.#timeline.frameMs, this.#limits.partMs)
    const chunk: Chunk = {
      bytes: makeFragment(++this.#sequence, runs),
      init: this.#init,
      startMs,
      durationMs: atMs - startMs,
      key: first?.key ?? true,
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
    this.#soundsFromMs = null
    if (this.#firstChunkOfSegment) this.#discontinuity = false
    this.#firstChunkOfSegment = false
    if (cut !== 'chunk') this.#partStartMs = atMs
    if (cut === 'segment') this.#segmentOpen = false
  }
}
