/** What a viewer of the benchmark must know of a chunk or a playlist, and no more. */

const MOOF = Buffer.from('moof')
const PART = Buffer.from('URI="part-')

/** Bytes at the start of a message that are looked at. */
export const CHUNK_PEEK_BYTES = 24

/** Number of a CMAF chunk, from its movie fragment header; null for an init segment or words. */
export function chunkNumber(head: Buffer): number | null {
  if (head.length < CHUNK_PEEK_BYTES || head.compare(MOOF, 0, 4, 4, 8) !== 0) return null
  return head.readUInt32BE(20)
}

export interface PartName {
  readonly msn: number
  readonly part: number
}

/** The part that comes next: the last one that a low-latency playlist names, in its preload hint. */
export function nextPart(playlist: Buffer): PartName | null {
  const at = playlist.lastIndexOf(PART)
  if (at < 0) return null
  const match = /^URI="part-(\d+)\.(\d+)\.m4s"/.exec(playlist.toString('latin1', at, at + 48))
  return match ? { msn: Number(match[1]), part: Number(match[2]) } : null
}

export const partPath = ({ msn, part }: PartName) => `part-${msn}.${part}.m4s`

const VIDEO_TRACK = 1

/** Pictures in fragmented MP4: the samples of all runs of the video track. */
export function countPictures(bytes: Buffer): number {
  let [pictures, track] = [0, 0]
  for (const { type, body } of boxes(bytes)) {
    if (type === 'moof' || type === 'traf') pictures += countPictures(body)
    else if (type === 'tfhd') track = body.readUInt32BE(4)
    else if (type === 'trun' && track === VIDEO_TRACK) pictures += body.readUInt32BE(4)
  }
  return pictures
}

function* boxes(bytes: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > bytes.length) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + size) }
    at += size
  }
}
