/**
 * Where China has land, roughly: intervals of longitude for each degree of latitude from 18 to 53 north, in tenths of a
 * degree, drawn by hand with a margin of some 30 km. There is no boundary data that may be shipped, so this is all that
 * is said of a point: it tells a phone whose location is wrong by a sea or a country, not one county from another.
 */
const LAND_TENTHS: readonly (readonly (readonly [west: number, east: number])[])[] = [
  [[1085, 1108]], // 18: Hainan
  [[1084, 1113]],
  [[1085, 1113]],
  [[997, 1134]],
  [
    [987, 1167],
    [1200, 1218],
  ], // 22: the second is Taiwan
  [
    [974, 1178],
    [1192, 1218],
  ],
  [
    [974, 1192],
    [1199, 1221],
  ],
  [
    [979, 1202],
    [1208, 1222],
  ],
  [[983, 1208]],
  [[855, 1215]], // 27: from here on with Tibet
  [[837, 1222]],
  [[813, 1230]],
  [[797, 1231]],
  [[782, 1223]],
  [[780, 1221]],
  [[779, 1213]],
  [[776, 1208]],
  [[755, 1208]],
  [[742, 1228]],
  [[742, 1230]],
  [
    [736, 1195],
    [1204, 1233],
  ], // 38: between them the sea of Bohai
  [
    [734, 1200],
    [1209, 1246],
  ],
  [[734, 1264]],
  [[735, 1295]],
  [[763, 1313]],
  [[796, 1316]],
  [[796, 1317]],
  [[796, 1336]],
  [[816, 1345]],
  [[821, 1352]],
  [[846, 1354]],
  [[863, 1352]],
  [[1155, 1287]],
  [[1191, 1276]],
  [[1195, 1273]],
  [[1202, 1263]],
]
const SOUTHERNMOST_DEG = 18

/** Whether a point (1e-5 degrees, WGS-84) may be on land in China. */
export function isOnLand(lngE5: number, latE5: number): boolean {
  const row = LAND_TENTHS[Math.floor(latE5 / 100_000) - SOUTHERNMOST_DEG]
  return row?.some(([west, east]) => lngE5 >= west * 10_000 && lngE5 <= east * 10_000) ?? false
}
