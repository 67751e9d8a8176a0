/**
 * Where a province's own city lies, WGS-84 in 1e-5 degrees, by the first two digits of a code. It stands in for a place that
 * nobody has pointed at: distances are then right to some hundred kilometres, which is enough to tell near from far.
 */
const PLACES: Readonly<Record<number, readonly [lngE5: number, latE5: number]>> = {
  11: [11_640_000, 3_990_000],
  12: [11_720_000, 3_913_000],
  13: [11_450_000, 3_804_000],
  14: [11_255_000, 3_787_000],
  15: [11_175_000, 4_084_000],
  21: [12_343_000, 4_180_000],
  22: [12_532_000, 4_382_000],
  23: [12_654_000, 4_580_000],
  31: [12_147_000, 3_123_000],
  32: [11_880_000, 3_206_000],
  33: [12_016_000, 3_028_000],
  34: [11_723_000, 3_182_000],
  35: [11_930_000, 2_607_000],
  36: [11_586_000, 2_868_000],
  37: [11_712_000, 3_665_000],
  41: [11_362_000, 3_475_000],
  42: [11_430_000, 3_059_000],
  43: [11_294_000, 2_823_000],
  44: [11_326_000, 2_313_000],
  45: [10_837_000, 2_282_000],
  46: [11_035_000, 2_002_000],
  50: [10_655_000, 2_956_000],
  51: [10_407_000, 3_067_000],
  52: [10_663_000, 2_665_000],
  53: [10_283_000, 2_488_000],
  54: [9_114_000, 2_965_000],
  61: [10_894_000, 3_434_000],
  62: [10_383_000, 3_606_000],
  63: [10_178_000, 3_662_000],
  64: [10_623_000, 3_849_000],
  65: [8_762_000, 4_383_000],
  71: [12_156_000, 2_503_000],
  81: [11_417_000, 2_228_000],
  82: [11_355_000, 2_220_000],
}
/** The middle of the country, for a code of no province that is known. */
const MIDDLE = [10_400_000, 3_550_000] as const

/** The place that was pointed at, or else the city of the county's province. */
export function placeOr(
  lngE5: number | null,
  latE5: number | null,
  countyCode: number,
): { readonly lngE5: number; readonly latE5: number } {
  if (lngE5 !== null && latE5 !== null) return { lngE5, latE5 }
  const [lng, lat] = PLACES[Math.floor(countyCode / 10_000)] ?? MIDDLE
  return { lngE5: lng, latE5: lat }
}
