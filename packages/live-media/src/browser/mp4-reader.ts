import { ByteQueue } from '../byte-queue.ts'
import { MediaFormatError } from '../ingest-sink.ts'
import { type ContainerReader, containerLimits, type SampleTarget } from './container-reader.ts'
import { type FoundSample, readFragment } from './mp4-fragment-reader.ts'
import { type Mp4Track, readTracks } from './mp4-tracks.ts'

const longLength = 1
const headBytesMin = 8
const headBytesMax = 16

/**
 * Fragmented MP4 (ISO 14496-12) as MediaRecorder makes it: one moov, then fragments of a moof and its mdat. Boxes of no use are skipped
 * without being held, those of use have limits, and nothing but the fragment under way is kept.
 */
export class Mp4Reader implements ContainerReader {
  readonly #target: SampleTarget
  readonly #queue = new ByteQueue()
  /** Offset of the queue's first byte in the recording. */
  #atBytes = 0
  #skipBytes = 0
  #tracks: Mp4Track[] = []
  #fragment: { startBytes: number; moof: Buffer } | null = null

  constructor(target: SampleTarget) {
    this.#target = target
  }

  receive(bytes: Buffer): void {
    this.#queue.push(bytes)
    while (this.#step());
  }

  /** Reads one box; false when more bytes are needed. */
  #step(): boolean {
    if (this.#skipBytes > 0) {
      const dropped = this.#queue.drop(this.#skipBytes)
      this.#skipBytes -= dropped
      this.#atBytes += dropped
    }
    const head = this.#queue.peek(headBytesMax)
    if (this.#skipBytes > 0 || head.length < headBytesMin) return false
    const type = head.toString('latin1', 4, 8)
    if (this.#atBytes === 0 && type !== 'ftyp')
      throw new MediaFormatError('container', { detail: 'the recording is no MP4' })
    const isLong = head.readUInt32BE(0) === longLength
    if (isLong && head.length < headBytesMax) return false
    const headBytes = isLong ? headBytesMax : headBytesMin
    const lengthBytes = isLong ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0)
    if (lengthBytes < headBytes || !Number.isSafeInteger(lengthBytes))
      throw new MediaFormatError('container', { detail: 'an MP4 box has no length' })
    const mostBytes = type === 'mdat' ? containerLimits.mediaBytes : containerLimits.headBytes
    if (type !== 'moov' && type !== 'moof' && type !== 'mdat') {
      this.#skipBytes = lengthBytes
      return true
    }
    if (lengthBytes > mostBytes)
      throw new MediaFormatError('container', { detail: 'the recording has a box that is too large' })
    if (this.#queue.length < lengthBytes) return false
    const startBytes = this.#atBytes
    const payload = this.#queue.take(lengthBytes).subarray(headBytes)
    this.#atBytes += lengthBytes
    this.#take(type, payload, startBytes, startBytes + headBytes)
    return true
  }

  #take(type: 'moov' | 'moof' | 'mdat', payload: Buffer, startBytes: number, payloadAtBytes: number): void {
    if (type === 'moov') {
      this.#begin(payload)
    } else if (type === 'moof') {
      if (this.#tracks.length === 0)
        throw new MediaFormatError('container', { detail: 'the recording starts in the middle' })
      this.#fragment = { startBytes, moof: payload }
    } else if (this.#fragment) {
      const { moof, startBytes: moofAtBytes } = this.#fragment
      this.#fragment = null
      this.#give(readFragment(moof, moofAtBytes, { bytes: payload, atBytes: payloadAtBytes }, this.#tracks))
    }
  }

  #begin(moov: Buffer): void {
    this.#tracks = readTracks(moov)
    const ofKind = (kind: Mp4Track['kind']) => this.#tracks.filter((track) => track.kind === kind)
    // One picture and one sound are passed on; a recorder of a camera makes no more.
    this.#tracks = [...ofKind('video').slice(0, 1), ...ofKind('audio').slice(0, 1)]
    for (const { setUp } of this.#tracks) {
      if (setUp.kind === 'video') this.#target.setVideo(setUp.record, setUp.codec)
      else this.#target.setAudio(setUp.config)
    }
  }

  #give(samples: FoundSample[]): void {
    // A fragment holds a second of pictures and then a second of sound; the sink wants them side by side.
    samples.sort((a, b) => a.dtsMs - b.dtsMs)
    for (const { kind, dtsMs, compositionMs, key, data } of samples) {
      if (kind === 'video') this.#target.video({ dtsMs, compositionMs, key, data })
      else this.#target.audio({ dtsMs, data })
    }
  }
}
