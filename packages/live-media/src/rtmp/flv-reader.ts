import type { FlvTag } from './flv-tags.ts'

const fileHeadBytes = 9
const tagHeadBytes = 11
const tagTailBytes = 4
/** A key frame of 1080p is well under 1 MB; what is longer is not FLV. */
const tagBytesMax = 4 * 1024 * 1024

/** Reads the tags of an FLV stream (Adobe's FLV specification 10.1, annex E) as its bytes come, in pieces of any size. */
export class FlvReader {
  #kept: Buffer = Buffer.alloc(0)
  #inTags = false

  /**
   * Tags that are whole now.
   * @throws RangeError when the bytes are not FLV
   */
  push(bytes: Buffer): FlvTag[] {
    this.#kept = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    if (!this.#inTags && !this.#skipHead()) return []
    const tags: FlvTag[] = []
    let at = 0
    while (at + tagHeadBytes <= this.#kept.length) {
      const bodyBytes = this.#kept.readUIntBE(at + 1, 3)
      if (bodyBytes > tagBytesMax) throw new RangeError('an FLV tag is too long')
      const end = at + tagHeadBytes + bodyBytes
      if (end + tagTailBytes > this.#kept.length) break
      tags.push({
        typeId: this.#kept.readUInt8(at) & 0x1f,
        timestampMs: this.#kept.readUInt8(at + 7) * 0x1000000 + this.#kept.readUIntBE(at + 4, 3),
        body: this.#kept.subarray(at + tagHeadBytes, end),
      })
      at = end + tagTailBytes
    }
    this.#kept = this.#kept.subarray(at)
    return tags
  }

  #skipHead(): boolean {
    if (this.#kept.length < fileHeadBytes) return false
    const headBytes = this.#kept.readUInt32BE(5)
    if (this.#kept.toString('latin1', 0, 3) !== 'FLV' || headBytes !== fileHeadBytes) throw new RangeError('not FLV')
    if (this.#kept.length < headBytes + tagTailBytes) return false
    this.#kept = this.#kept.subarray(headBytes + tagTailBytes)
    this.#inTags = true
    return true
  }
}
