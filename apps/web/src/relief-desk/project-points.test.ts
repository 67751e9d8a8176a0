import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { projectPoints } from './project-points.ts'

const place = fc.record({
  id: fc.integer({ min: 1 }),
  lngE5: fc.integer({ min: 7_300_000, max: 13_600_000 }),
  latE5: fc.integer({ min: 300_000, max: 5_400_000 }),
})

test('every point lies inside the margin, north above south and east right of west', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 60 }), (places) => {
      const { points } = projectPoints(places, 600, 400, 20)
      assert.equal(points.length, places.length)
      for (const [index, point] of points.entries()) {
        assert.ok(point.x >= 19.99 && point.x <= 580.01, `x ${point.x}`)
        assert.ok(point.y >= 19.99 && point.y <= 380.01, `y ${point.y}`)
        const [first, here] = [places[0], places[index]]
        assert.ok(first && here)
        const origin = points[0]
        assert.ok(origin)
        if (here.latE5 > first.latE5) assert.ok(point.y <= origin.y)
        if (here.lngE5 > first.lngE5) assert.ok(point.x >= origin.x)
      }
    }),
  )
})

test('one point alone stands in the middle with a scale that means something', () => {
  const { points, scaleKm, scaleLength } = projectPoints([{ id: 7, lngE5: 10_083_000, latE5: 2_445_000 }], 600, 400, 20)
  assert.deepEqual(points, [{ id: 7, x: 300, y: 200 }])
  assert.equal(scaleKm, 10)
  assert.ok(scaleLength > 60 && scaleLength < 200, String(scaleLength))
})

test('nothing to draw is an empty drawing', () => {
  assert.deepEqual(projectPoints([], 600, 400, 20).points, [])
})
