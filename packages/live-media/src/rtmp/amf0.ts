/** A value of AMF0, the encoding of RTMP commands. Objects come without a prototype, so no key can reach one. */
export type Amf0Value = number | boolean | string | null | undefined | Date | Amf0Value[] | Amf0Object
export interface Amf0Object {
  [key: string]: Amf0Value
}

/** Bytes that are not AMF0, or more of it than a publisher has any need for. */
export class Amf0Error extends Error {
  override name = 'Amf0Error'
}

/** A connect command of OBS or ffmpeg has about 10 values, onMetaData about 25, none over 200 bytes or two levels. */
const depthMax = 6
const valuesMax = 256
const stringBytesMax = 4096

const marker = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xml: 15,
  typedObject: 16,
} as const

/**
 * Decodes all values of a message.
 * @throws Amf0Error
 */
export function decodeAmf0(bytes: Buffer): Amf0Value[] {
  const reader = new Reader(bytes)
  const values: Amf0Value[] = []
  while (!reader.done) values.push(reader.value(0))
  return values
}

class Reader {
  readonly #bytes: Buffer
  #at = 0
  #values = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  value(depth: number): Amf0Value {
    if (depth > depthMax) throw new Amf0Error('too deep')
    if (++this.#values > valuesMax) throw new Amf0Error('too many values')
    const type = this.#take(1).readUInt8()
    switch (type) {
      case marker.number:
        return this.#take(8).readDoubleBE()
      case marker.boolean:
        return this.#take(1).readUInt8() !== 0
      case marker.string:
        return this.#text(this.#take(2).readUInt16BE())
      case marker.longString:
      case marker.xml:
        return this.#text(this.#take(4).readUInt32BE())
      case marker.object:
        return this.#object(depth)
      case marker.typedObject:
        this.#text(this.#take(2).readUInt16BE())
        return this.#object(depth)
      case marker.ecmaArray:
        // The count is a hint that encoders get wrong; the end marker is what counts.
        this.#take(4)
        return this.#object(depth)
      case marker.strictArray:
        return this.#array(depth)
      case marker.date:
        return this.#date()
      case marker.null:
        return null
      case marker.undefined:
      case marker.unsupported:
        return undefined
      default:
        throw new Amf0Error(`unknown marker ${type}`)
    }
  }

  #object(depth: number): Amf0Object {
    const object: Amf0Object = Object.create(null)
    for (;;) {
      const key = this.#text(this.#take(2).readUInt16BE())
      if (key === '' && this.#bytes[this.#at] === marker.objectEnd) {
        this.#at++
        return object
      }
      object[key] = this.value(depth + 1)
    }
  }

  #array(depth: number): Amf0Value[] {
    const count = this.#take(4).readUInt32BE()
    if (count > valuesMax) throw new Amf0Error('too many values')
    const array: Amf0Value[] = []
    for (let i = 0; i < count; i++) array.push(this.value(depth + 1))
    return array
  }

  #date(): Date {
    const ms = this.#take(8).readDoubleBE()
    this.#take(2)
    return new Date(ms)
  }

  #text(lengthBytes: number): string {
    if (lengthBytes > stringBytesMax) throw new Amf0Error('a string is too long')
    return this.#take(lengthBytes).toString('utf8')
  }

  #take(count: number): Buffer {
    const end = this.#at + count
    if (end > this.#bytes.length) throw new Amf0Error('cut off')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}

/** Encodes values one after the other; plain objects as objects, arrays as strict arrays. */
export function encodeAmf0(values: readonly Amf0Value[]): Buffer {
  return Buffer.concat(values.flatMap(encodeValue))
}

function encodeValue(value: Amf0Value): Buffer[] {
  if (value === null) return [Buffer.of(marker.null)]
  if (value === undefined) return [Buffer.of(marker.undefined)]
  if (typeof value === 'number') return [Buffer.of(marker.number), double(value)]
  if (typeof value === 'boolean') return [Buffer.of(marker.boolean, value ? 1 : 0)]
  if (typeof value === 'string') return encodeString(value)
  if (value instanceof Date) return [Buffer.of(marker.date), double(value.getTime()), Buffer.alloc(2)]
  if (Array.isArray(value)) {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(value.length)
    return [Buffer.of(marker.strictArray), count, ...value.flatMap(encodeValue)]
  }
  const fields = Object.entries(value).flatMap(([key, field]) => [shortText(key), ...encodeValue(field)])
  return [Buffer.of(marker.object), ...fields, Buffer.of(0, 0, marker.objectEnd)]
}

function encodeString(value: string): Buffer[] {
  if (Buffer.byteLength(value) <= 0xffff) return [Buffer.of(marker.string), shortText(value)]
  const text = Buffer.from(value)
  const head = Buffer.alloc(5)
  head.writeUInt8(marker.longString)
  head.writeUInt32BE(text.length, 1)
  return [head, text]
}

function shortText(value: string): Buffer {
  const text = Buffer.from(value)
  const head = Buffer.alloc(2)
  head.writeUInt16BE(text.length)
  return Buffer.concat([head, text])
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}
