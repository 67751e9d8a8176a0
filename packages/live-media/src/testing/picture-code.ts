/**
 * A number that can be read back from a picture, however it was encoded, scaled and decoded on the way. Free of Node and of the
 * browser, so that both draw and read by the same lines.
 *
 * The top quarter of the picture holds two rows of 22 cells: one white, 20 of the number, one black. The number has 32 bits and is
 * followed by 8 of a checksum; white and black of each row say where light ends. A cell of a 640 pixel picture is 29 by 45: wide
 * against the 16 pixel blocks of H.264, and at the 160 pixels of a thumbnail still 7 by 11.
 */

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

interface Cell {
  readonly leftPx: number
  readonly topPx: number
  readonly widthPx: number
  readonly heightPx: number
}

const rows = 2
const columns = 22
const bitsPerRow = columns - 2
/** Numbers are taken modulo this. In milliseconds it is 49 days. */
const pictureCodeRange = 2 ** 32
/** Less contrast than this is no code, but some other picture. */
const contrastMin = 40

/** CRC-8 (polynomial 0x07) of the four bytes, begun with all ones so that a black picture is no number. */
function checksumOf(code: number): number {
  let crc = 0xff
  for (let shift = 24; shift >= 0; shift -= 8) {
    crc ^= (code >>> shift) & 0xff
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff
  }
  return crc
}

function cellAt(row: number, column: number, { widthPx, heightPx }: PictureSize): Cell {
  const leftPx = Math.round((column * widthPx) / columns)
  const bandPx = heightPx / 4
  const topPx = Math.round((row * bandPx) / rows)
  return {
    leftPx,
    topPx,
    widthPx: Math.round(((column + 1) * widthPx) / columns) - leftPx,
    heightPx: Math.round(((row + 1) * bandPx) / rows) - topPx,
  }
}

/** The bit of a number and its checksum, counted from the first that is painted. */
function bitOf(code: number, checksum: number, index: number): number {
  return index < 32 ? (code >>> (31 - index)) & 1 : (checksum >>> (39 - index)) & 1
}

/** Paints a number, of which the last 32 bits count, by filling cells. */
export function paintPictureCode(value: number, size: PictureSize, fill: (cell: Cell, isLight: boolean) => void): void {
  const code = (value % pictureCodeRange) >>> 0
  const checksum = checksumOf(code)
  for (let row = 0; row < rows; row += 1) {
    fill(cellAt(row, 0, size), true)
    for (let bit = 0; bit < bitsPerRow; bit += 1) {
      fill(cellAt(row, bit + 1, size), bitOf(code, checksum, row * bitsPerRow + bit) === 1)
    }
    fill(cellAt(row, columns - 1, size), false)
  }
}

/** Mean of the middle of a cell, where neighbours do not bleed into. */
function lightOf(cell: Cell, lumaAt: (xPx: number, yPx: number) => number): number {
  const left = cell.leftPx + Math.floor(cell.widthPx / 4)
  const top = cell.topPx + Math.floor(cell.heightPx / 4)
  const width = Math.max(1, Math.floor(cell.widthPx / 2))
  const height = Math.max(1, Math.floor(cell.heightPx / 2))
  let sum = 0
  for (let y = top; y < top + height; y += 1) for (let x = left; x < left + width; x += 1) sum += lumaAt(x, y)
  return sum / (width * height)
}

/** The number in a picture, of which `lumaAt` gives the brightness from 0 to 255; null when there is none or it is damaged. */
export function readPictureCode(size: PictureSize, lumaAt: (xPx: number, yPx: number) => number): number | null {
  let code = 0
  let checksum = 0
  for (let row = 0; row < rows; row += 1) {
    const white = lightOf(cellAt(row, 0, size), lumaAt)
    const black = lightOf(cellAt(row, columns - 1, size), lumaAt)
    if (white - black < contrastMin) return null
    for (let bit = 0; bit < bitsPerRow; bit += 1) {
      const isLight = lightOf(cellAt(row, bit + 1, size), lumaAt) > (white + black) / 2 ? 1 : 0
      if (row * bitsPerRow + bit < 32) code = code * 2 + isLight
      else checksum = checksum * 2 + isLight
    }
  }
  return checksum === checksumOf(code) ? code : null
}

/** How long ago the clock stood at a code, in its unit. */
export function pictureCodeAge(now: number, code: number): number {
  return (((now - code) % pictureCodeRange) + pictureCodeRange) % pictureCodeRange
}
