/** Bytes of a whole, both included. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Reads a Range header of one range (RFC 9110, 14.2). Null means that there is none, or one that may be passed over: the
 * whole is sent. `unsatisfiable` lies behind the end.
 */
export function parseByteRange(header: string | undefined, totalBytes: number): ByteRange | 'unsatisfiable' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return null
  if (from === '') {
    const suffix = Number(to)
    return suffix === 0 ? 'unsatisfiable' : { start: Math.max(0, totalBytes - suffix), end: totalBytes - 1 }
  }
  const start = Number(from)
  if (start >= totalBytes) return 'unsatisfiable'
  if (to !== '' && Number(to) < start) return null
  return { start, end: to === '' ? totalBytes - 1 : Math.min(Number(to), totalBytes - 1) }
}

/** Makes these bytes of a row of pieces, one piece after the other: the next is loaded when the one before was taken. */
export async function* sendRange(
  sizes: readonly number[],
  load: (index: number) => Promise<Buffer>,
  range: ByteRange,
): AsyncGenerator<Buffer, void, undefined> {
  let at = 0
  for (const [index, bytes] of sizes.entries()) {
    if (at > range.end) return
    if (at + bytes > range.start) {
      const piece = await load(index)
      yield piece.subarray(Math.max(0, range.start - at), Math.min(bytes, range.end + 1 - at))
    }
    at += bytes
  }
}
