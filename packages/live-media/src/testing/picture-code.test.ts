import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawCodedClip, readCodes } from './coded-frames.ts'
import { paintPictureCode, pictureCodeAge, readPictureCode } from './picture-code.ts'

const sizes = fc.record({ widthPx: fc.integer({ min: 88, max: 700 }), heightPx: fc.integer({ min: 32, max: 400 }) })
const codes = fc.integer({ min: 0, max: 2 ** 32 - 1 })

test('what is painted is read, at every size', () => {
  fc.assert(
    fc.property(codes, sizes, (code, size) => {
      const luma = painted(code, size)
      assert.equal(
        readPictureCode(size, (x, y) => luma[y * size.widthPx + x] ?? 0),
        code,
      )
    }),
  )
})

function painted(code: number, size: { widthPx: number; heightPx: number }): Uint8Array {
  const luma = new Uint8Array(size.widthPx * size.heightPx).fill(90)
  paintPictureCode(code, size, (cell, isLight) => {
    for (let y = cell.topPx; y < cell.topPx + cell.heightPx; y += 1) {
      const at = y * size.widthPx + cell.leftPx
      luma.fill(isLight ? 230 : 20, at, at + cell.widthPx)
    }
  })
  return luma
}

test('a picture without a code, and one with a damaged cell, give none', () => {
  const size = { widthPx: 220, heightPx: 80 }
  for (const luma of [0, 128, 255])
    assert.equal(
      readPictureCode(size, () => luma),
      null,
    )
  fc.assert(
    fc.property(codes, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 1 }), (code, column, row) => {
      const luma = painted(code, size)
      const isDamaged = (x: number, y: number) => Math.floor(x / 10) === column && Math.floor(y / 10) === row
      const lumaAt = (x: number, y: number) => {
        const seen = luma[y * size.widthPx + x] ?? 0
        return isDamaged(x, y) ? 255 - seen : seen
      }
      assert.equal(readPictureCode(size, lumaAt), null)
    }),
  )
})

test('the age of a code goes on over the end of its range', () => {
  assert.equal(pictureCodeAge(2 ** 32 + 5, 2 ** 32 - 10), 15)
  assert.equal(pictureCodeAge(1_796_000_000_250, 1_796_000_000_000 % 2 ** 32), 250)
})

test('every number survives x264 at 300 kbit/s, and the scaling to a thumbnail', async () => {
  const size = { widthPx: 640, heightPx: 360 }
  const startMs = 1_796_000_000_000
  const written = Array.from({ length: 120 }, (_, index) => (startMs + Math.round((index * 1000) / 30)) % 2 ** 32)
  const clip = await drawCodedClip(4, { bitsPerS: 300_000, hasSound: false }, (index) => written[index] ?? 0)
  assert.ok(clip.length < 220_000, `${clip.length} bytes in 4 s`)
  assert.deepEqual(await readCodes(clip, size), written)
  assert.deepEqual(await readCodes(clip, size, { widthPx: 160, heightPx: 90 }), written)
})

test('a clip with sound shows the time of each frame', async () => {
  const clip = await drawCodedClip(2, { rate: 25 })
  const seen = await readCodes(clip, { widthPx: 640, heightPx: 360 })
  assert.deepEqual(
    seen,
    Array.from({ length: 50 }, (_, index) => index * 40),
  )
})
