import { ByteQueue } from '../byte-queue.ts'
import { MediaFormatError } from '../ingest-sink.ts'
import { makeAvcConfig, splitAnnexB, toLengthPrefixed } from './annex-b.ts'
import { type ContainerReader, containerLimits, type SampleTarget } from './container-reader.ts'
import { elementId, readElementHead } from './ebml.ts'
import { type Block, readBlock, readBlockGroup } from './matroska-block.ts'
import { type MatroskaTrack, readTimestampScale, readTracks } from './matroska-tracks.ts'

const headBytesMax = 12
const nsPerMs = 1_000_000

/** Read whole. Everything else that has a length is skipped without being held. */
const wanted: ReadonlyMap<number, number> = new Map([
  [elementId.info, containerLimits.headBytes],
  [elementId.tracks, containerLimits.headBytes],
  [elementId.timestamp, 8],
  [elementId.simpleBlock, containerLimits.mediaBytes],
  [elementId.blockGroup, containerLimits.mediaBytes],
])

/**
 * Matroska and WebM (RFC 9559) as MediaRecorder of Chromium makes them: a segment and clusters without a length, simple blocks without
 * lacing. Segment and cluster are only stepped into, so depth is fixed, and nothing but the block under way is held.
 */
export class MatroskaReader implements ContainerReader {
  readonly #target: SampleTarget
  readonly #queue = new ByteQueue()
  #hasBegun = false
  #skipBytes = 0
  #nsPerTick = nsPerMs
  #tracks: MatroskaTrack[] = []
  #clusterTicks = 0

  constructor(target: SampleTarget) {
    this.#target = target
  }

  receive(bytes: Buffer): void {
    this.#queue.push(bytes)
    while (this.#step());
  }

  /** Reads one element; false when more bytes are needed. */
  #step(): boolean {
    if (this.#skipBytes > 0) this.#skipBytes -= this.#queue.drop(this.#skipBytes)
    if (this.#skipBytes > 0 || this.#queue.length === 0) return false
    const head = readElementHead(this.#queue.peek(headBytesMax))
    if (!head) return false
    const { id, headBytes, lengthBytes } = head
    if (!this.#hasBegun && id !== elementId.ebml)
      throw new MediaFormatError('container', { detail: 'the recording is no Matroska' })
    this.#hasBegun = true
    if (id === elementId.segment || id === elementId.cluster) {
      this.#queue.drop(headBytes)
      return true
    }
    if (lengthBytes === null)
      throw new MediaFormatError('container', { detail: 'an element of the recording has no length' })
    const mostBytes = wanted.get(id)
    if (mostBytes === undefined) {
      this.#skipBytes = headBytes + lengthBytes
      return true
    }
    if (lengthBytes > mostBytes)
      throw new MediaFormatError('container', { detail: 'the recording has an element that is too large' })
    if (this.#queue.length < headBytes + lengthBytes) return false
    this.#queue.drop(headBytes)
    this.#take(id, this.#queue.take(lengthBytes))
    return true
  }

  #take(id: number, payload: Buffer): void {
    switch (id) {
      case elementId.info:
        this.#nsPerTick = readTimestampScale(payload)
        return
      case elementId.tracks:
        this.#begin(payload)
        return
      case elementId.timestamp:
        this.#clusterTicks = payload.length === 0 ? 0 : Number(BigInt(`0x${payload.toString('hex')}`))
        return
      case elementId.simpleBlock:
        this.#give(readBlock(payload, null))
        return
      default: {
        const block = readBlockGroup(payload)
        if (block) this.#give(block)
      }
    }
  }

  #begin(payload: Buffer): void {
    const tracks = readTracks(payload)
    const ofKind = (kind: MatroskaTrack['kind']) => tracks.filter((track) => track.kind === kind).slice(0, 1)
    // One picture and one sound are passed on; a recorder of a camera makes no more.
    this.#tracks = [...ofKind('video'), ...ofKind('audio')]
    if (ofKind('video').length === 0)
      throw new MediaFormatError('container', { detail: 'the recording has no H.264 video' })
    for (const track of this.#tracks) {
      if (track.kind === 'audio') this.#target.setAudio(track.config)
      else if (track.avcC) this.#target.setVideo(track.avcC)
    }
  }

  #give(block: Block): void {
    const track = this.#tracks.find(({ number }) => number === block.track)
    if (!track) return
    const dtsMs = Math.round(((this.#clusterTicks + block.ticks) * this.#nsPerTick) / nsPerMs)
    if (!Number.isSafeInteger(dtsMs))
      throw new MediaFormatError('container', { detail: 'a time of the recording is out of range' })
    if (track.kind === 'audio') {
      this.#target.audio({ dtsMs, data: block.data })
      return
    }
    this.#target.video({
      dtsMs,
      compositionMs: 0,
      key: block.key,
      data: track.avcC ? block.data : this.#toSample(block),
    })
  }

  /** Chromium keeps the byte stream of its encoder: the configuration is in each key frame. */
  #toSample(block: Block): Buffer {
    const units = splitAnnexB(block.data)
    const avcC = block.key ? makeAvcConfig(units) : null
    if (avcC) this.#target.setVideo(avcC)
    return toLengthPrefixed(units)
  }
}
