/** The few elements of Matroska that Chromium's recorder writes (RFC 9559), for tests. */

export function element(id: number, payload: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(payload.length))
  length[0] = 0x01
  return Buffer.concat([idBytes(id), length, payload])
}

/** A head whose length is not said: what follows is inside. */
export function openElement(id: number): Buffer {
  return Buffer.concat([idBytes(id), Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])])
}

export function simpleBlock(track: number, ticks: number, key: boolean, data: Buffer): Buffer {
  const head = Buffer.from([0x80 | track, 0, 0, key ? 0x80 : 0])
  head.writeInt16BE(ticks, 1)
  return element(0xa3, Buffer.concat([head, data]))
}

export function numberElement(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  return element(id, bytes)
}

function idBytes(id: number): Buffer {
  const digits = id.toString(16)
  return Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
}
