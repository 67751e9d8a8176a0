import { MediaFormatError } from '../ingest-sink.ts'
import { elementId, elementsIn, readVint } from './ebml.ts'

/** One frame with its track and its time within the cluster (RFC 9559, 10). */
export interface Block {
  track: number
  /** Signed, from the start of the cluster. */
  ticks: number
  key: boolean
  data: Buffer
}

const flagKey = 0x80
const flagsLacing = 0x06

/** `key` is given for the block of a group, whose flags do not say it. @throws MediaFormatError */
export function readBlock(payload: Buffer, key: boolean | null): Block {
  const track = readVint(payload, 0, 4)
  if (!track || payload.length < track.size + 3)
    throw new MediaFormatError('container', { detail: 'a block of the recording ends too early' })
  const flags = payload.readUInt8(track.size + 2)
  if ((flags & flagsLacing) !== 0) throw new MediaFormatError('container', { detail: 'laced blocks are not accepted' })
  return {
    track: track.value,
    ticks: payload.readInt16BE(track.size),
    key: key ?? (flags & flagKey) !== 0,
    data: payload.subarray(track.size + 3),
  }
}

/** The block of a group, which is a key frame when it refers to no other; null when there is none. @throws MediaFormatError */
export function readBlockGroup(payload: Buffer): Block | null {
  const elements = elementsIn(payload)
  const block = elements.find(({ id }) => id === elementId.block)
  return block ? readBlock(block.payload, !elements.some(({ id }) => id === elementId.referenceBlock)) : null
}
