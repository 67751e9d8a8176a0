import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Amf0Error, type Amf0Object, type Amf0Value, decodeAmf0, encodeAmf0 } from './amf0.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => Buffer.from(value).toString())
const key = text.filter((value) => value !== '')
const { value } = fc.letrec<{ value: Amf0Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.double(),
    fc.boolean(),
    text,
    fc.constant(null),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: false }).map(bare),
  ),
}))

function bare(object: Record<string, Amf0Value>): Amf0Object {
  return Object.assign(Object.create(null), object)
}

test('AMF0 values survive encoding and decoding', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      assert.deepEqual(decodeAmf0(encodeAmf0(values)), values)
    }),
  )
})

test('AMF0 cut short or overwritten gives values or an Amf0Error, nothing else', () => {
  const cut = fc.tuple(fc.array(value, { maxLength: 4 }), fc.nat(), fc.nat(), fc.nat(255))
  fc.assert(
    fc.property(cut, ([values, length, position, byte]) => {
      const whole = encodeAmf0(values)
      const bytes = whole.subarray(0, length % (whole.length + 1))
      if (bytes.length > 0) bytes[position % bytes.length] = byte
      decodeOrRefuse(bytes)
    }),
    { numRuns: 20_000 },
  )
})

test('a decoder of AMF0 refuses depth, long strings and long arrays instead of building them', () => {
  const deep = Buffer.concat([...Array.from({ length: 50 }, () => Buffer.from([3, 0, 1, 97])), Buffer.of(5)])
  const long = Buffer.concat([Buffer.from([12, 0, 0, 0x40, 0]), Buffer.alloc(0x4000)])
  const wide = Buffer.concat([Buffer.from([10, 0, 0, 1, 1]), Buffer.alloc(257, 5)])
  const endless = Buffer.from([10, 0xff, 0xff, 0xff, 0xff])
  for (const bytes of [deep, long, wide, endless]) assert.throws(() => decodeAmf0(bytes), Amf0Error)
})

test('a decoded object has no prototype to reach by a key', () => {
  const [object] = decodeAmf0(
    Buffer.concat([Buffer.from([3, 0, 9]), Buffer.from('__proto__'), Buffer.from([5, 0, 0, 9])]),
  )
  assert.equal(Object.getPrototypeOf(object), null)
})

function decodeOrRefuse(bytes: Buffer): void {
  try {
    decodeAmf0(bytes)
  } catch (error) {
    assert.ok(error instanceof Amf0Error, String(error))
  }
}
