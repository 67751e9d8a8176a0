import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as hb from 'harfbuzzjs'
import subsetFont from 'subset-font'

/**
 * Letters as outlines, for pictures made on a machine that may have no font at all. Noto Sans SC (OFL) comes from npm in a hundred files by
 * ranges of characters; a text is cut into runs, each in the file that has its characters, and HarfBuzz gives the outline of each glyph.
 */

const PACKAGE = '@fontsource-variable/noto-sans-sc'
/** Runs kept open: each is one file at one weight, some 60 KB cut down. */
const FONTS_MAX = 60
const require = createRequire(import.meta.url)

interface Face {
  readonly file: string
  readonly ranges: readonly (readonly [from: number, to: number])[]
}

/** One line of letters; `path` is SVG path data with the baseline at y = 0, growing downwards, `width` in pixels. */
export interface LetterLine {
  readonly path: string
  readonly width: number
}

export interface Letters {
  /** Width in pixels of a text at this size. */
  widthOf(text: string, sizePx: number): number
  outline(text: string, sizePx: number): LetterLine
}

let faces: Promise<readonly Face[]> | undefined
const fonts = new Map<string, Promise<hb.Font>>()

async function readFaces(): Promise<readonly Face[]> {
  const list = await readFile(require.resolve(`${PACKAGE}/unicode.json`), 'utf8')
  return Object.entries(JSON.parse(list) as Record<string, string>).map(([name, text]) => ({
    file: require.resolve(`${PACKAGE}/files/noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`),
    ranges: text.split(',').map((range) => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
    }),
  }))
}

/** Every character that a face has, for one weight; cutting to all of them only turns WOFF2 into what HarfBuzz reads. */
async function openFont(face: Face, weight: number): Promise<hb.Font> {
  const signs = face.ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)),
  )
  const bytes = await subsetFont(await readFile(face.file), signs.join(''), {
    targetFormat: 'truetype',
    variationAxes: { wght: weight },
  })
  return new hb.Font(new hb.Face(new hb.Blob(Uint8Array.from(bytes).buffer)))
}

function fontOf(face: Face, weight: number): Promise<hb.Font> {
  const key = `${weight} ${face.file}`
  let font = fonts.get(key)
  if (font === undefined) {
    font = openFont(face, weight)
    font.catch(() => fonts.delete(key))
    if (fonts.size >= FONTS_MAX) fonts.delete(fonts.keys().next().value ?? '')
    fonts.set(key, font)
  }
  return font
}

const has = ({ ranges }: Face, code: number) => ranges.some(([from, to]) => code >= from && code <= to)

/**
 * Opens what is needed to write these characters at one weight (100 to 900). Characters that the font does not have, such as most emoji,
 * are left out wherever they stand, so that nothing is ever written as a box.
 */
export async function openLetters(characters: string, weight: number): Promise<Letters> {
  faces ??= readFaces()
  const all = await faces
  const fontsBySign = new Map<string, hb.Font>()
  for (const sign of new Set(characters)) {
    const code = sign.codePointAt(0) ?? 0
    const face = all.find((each) => has(each, code))
    if (face === undefined) continue
    const font = await fontOf(face, weight)
    if (font.glyph(code) !== undefined) fontsBySign.set(sign, font)
  }
  const runsOf = (text: string) => {
    const runs: { readonly font: hb.Font; text: string }[] = []
    for (const sign of text) {
      const font = fontsBySign.get(sign)
      const last = runs.at(-1)
      if (font === undefined) continue
      if (last?.font === font) last.text += sign
      else runs.push({ font, text: sign })
    }
    return runs
  }
  function walk(text: string, sizePx: number, glyph?: (font: hb.Font, id: number, x: number, scale: number) => void) {
    let x = 0
    for (const run of runsOf(text)) {
      const buffer = new hb.Buffer()
      buffer.addText(run.text)
      buffer.guessSegmentProperties()
      hb.shape(run.font, buffer)
      const scale = sizePx / run.font.face.upem
      for (const each of buffer.getGlyphInfosAndPositions()) {
        glyph?.(run.font, each.codepoint, x + (each.xOffset ?? 0) * scale, scale)
        x += (each.xAdvance ?? 0) * scale
      }
    }
    return x
  }
  return {
    widthOf: (text, sizePx) => walk(text, sizePx),
    outline(text, sizePx) {
      const parts: string[] = []
      const width = walk(text, sizePx, (font, id, x, scale) => parts.push(place(font.glyphToPath(id), x, scale)))
      return { path: parts.join(''), width }
    },
  }
}

/** Moves a glyph's path from font units, which grow upwards, to its place in the line. */
function place(path: string, x: number, scale: number): string {
  return path.replace(/([MLQC])([^MLQCZ]*)/g, (_, command: string, numbers: string) => {
    const points = numbers.split(/[\s,]+/).filter((text) => text !== '')
    const placed = points.map((text, index) =>
      index % 2 === 0 ? (x + Number(text) * scale).toFixed(1) : (-Number(text) * scale).toFixed(1),
    )
    return `${command}${placed.join(' ')}`
  })
}
