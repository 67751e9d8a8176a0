/** A point on a small map: x to the east and y to the south, in units of the drawing. */
export interface Projected {
  readonly id: number
  readonly x: number
  readonly y: number
}
export interface Drawing {
  readonly points: readonly Projected[]
  /** A round number of kilometres and how long it is on the drawing. */
  readonly scaleKm: number
  readonly scaleLength: number
}

const KM_PER_DEGREE = 111.2
/** A drawing never shows less than this across, or two neighbouring fields would look like two ends of the land. */
const SPAN_KM_MIN = 40

/**
 * Places points of a province on a drawing of `width` by `height` with a margin, true to scale: degrees of longitude are
 * narrower by the cosine of the latitude in the middle. Coordinates in 1e-5 degrees.
 */
export function projectPoints(
  places: readonly { id: number; lngE5: number; latE5: number }[],
  width: number,
  height: number,
  margin: number,
): Drawing {
  if (places.length === 0) return { points: [], scaleKm: 0, scaleLength: 0 }
  const lats = places.map((place) => place.latE5 / 1e5)
  const middleLat = (Math.min(...lats) + Math.max(...lats)) / 2
  const narrow = Math.cos((middleLat * Math.PI) / 180)
  const flat = places.map((place) => ({
    id: place.id,
    east: (place.lngE5 / 1e5) * narrow * KM_PER_DEGREE,
    north: (place.latE5 / 1e5) * KM_PER_DEGREE,
  }))
  const range = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) })
  const [east, north] = [range(flat.map((each) => each.east)), range(flat.map((each) => each.north))]
  const perKm = Math.min(
    (width - 2 * margin) / Math.max(SPAN_KM_MIN, east.high - east.low),
    (height - 2 * margin) / Math.max(SPAN_KM_MIN, north.high - north.low),
  )
  const [middleEast, middleNorth] = [(east.low + east.high) / 2, (north.low + north.high) / 2]
  const scaleKm = roundBelow(width / 4 / perKm)
  return {
    points: flat.map((each) => ({
      id: each.id,
      x: width / 2 + (each.east - middleEast) * perKm,
      y: height / 2 - (each.north - middleNorth) * perKm,
    })),
    scaleKm,
    scaleLength: scaleKm * perKm,
  }
}

/** The largest of 1, 2, 5, 10, 20, 50, ... that is not above `km`. */
function roundBelow(km: number): number {
  const power = 10 ** Math.floor(Math.log10(km))
  return ([5, 2, 1].find((step) => step * power <= km) ?? 1) * power
}
