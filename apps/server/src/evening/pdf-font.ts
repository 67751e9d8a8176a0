import { readFile } from 'node:fs/promises'
import subsetFont from 'subset-font'

/**
 * Noto Sans SC (OFL), cut to what a document uses. The npm package brings the face in a hundred files by ranges of characters, so a text is
 * a row of runs, each in the file that has its characters. A bare machine has no Chinese font to count on; a PDF brings its own.
 */

export const WEIGHTS = { regular: 400, bold: 650 } as const
export type Weight = keyof typeof WEIGHTS

/** The part of a PDF document that this needs. */
export interface PdfText {
  registerFont(name: string, bytes: Buffer): unknown
  font(name: string, size: number): unknown
  widthOfString(text: string): number
  fillColor(colour: string): unknown
  text(text: string, x: number, y: number, options: { lineBreak: false }): unknown
}

export interface TextStyle {
  readonly size: number
  readonly weight?: Weight
  readonly colour?: string
  readonly align?: 'left' | 'right' | 'center'
  /** Points; what is longer ends with an ellipsis. Also what `align` is about. */
  readonly width?: number
}

export interface FontBook {
  widthOf(text: string, style: TextStyle): number
  /** Writes one line with its top at `y`. */
  put(text: string, x: number, y: number, style: TextStyle): void
}

const RANGES = new URL(import.meta.resolve('@fontsource-variable/noto-sans-sc/unicode.json'))

interface Face {
  readonly file: URL
  readonly ranges: readonly (readonly [from: number, to: number])[]
}

let faces: Promise<readonly Face[]> | undefined

async function readFaces(): Promise<readonly Face[]> {
  const ranges = JSON.parse(await readFile(RANGES, 'utf8')) as Record<string, string>
  return Object.entries(ranges).map(([name, text]) => ({
    file: new URL(`files/noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`, RANGES),
    ranges: text.split(',').map((range) => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
    }),
  }))
}

function faceOf(all: readonly Face[], codePoint: number): number {
  return all.findIndex(({ ranges }) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to))
}

/**
 * Cuts the font to the characters of `texts` and registers the pieces with the document. Signs that the font does not have, such as most
 * emoji, are left out wherever they stand.
 */
export async function openFontBook(doc: PdfText, texts: Readonly<Record<Weight, Iterable<string>>>): Promise<FontBook> {
  faces ??= readFaces()
  const all = await faces
  const known: Record<Weight, Map<string, string>> = { regular: new Map(), bold: new Map() }
  for (const weight of ['regular', 'bold'] as const) {
    const wanted = new Map<number, string[]>()
    for (const sign of new Set([...texts[weight]].join(''))) {
      const face = faceOf(all, sign.codePointAt(0) ?? 0)
      if (face >= 0) wanted.set(face, [...(wanted.get(face) ?? []), sign])
    }
    for (const [index, signs] of wanted) {
      const name = `${weight}-${index}`
      const { file } = all[index] as Face
      const options = { targetFormat: 'truetype', variationAxes: { wght: WEIGHTS[weight] } } as const
      doc.registerFont(name, await subsetFont(await readFile(file), signs.join(''), options))
      for (const sign of signs) known[weight].set(sign, name)
    }
  }
  return createFontBook(doc, known)
}

function createFontBook(doc: PdfText, known: Record<Weight, Map<string, string>>): FontBook {
  function runsOf(text: string, weight: Weight): { font: string; text: string }[] {
    const runs: { font: string; text: string }[] = []
    for (const sign of text) {
      const font = known[weight].get(sign)
      const last = runs.at(-1)
      if (font === undefined) continue
      if (last?.font === font) last.text += sign
      else runs.push({ font, text: sign })
    }
    return runs
  }
  function widthOf(text: string, { size, weight = 'regular' }: TextStyle): number {
    let width = 0
    for (const run of runsOf(text, weight)) {
      doc.font(run.font, size)
      width += doc.widthOfString(run.text)
    }
    return width
  }
  /** As much of a text as fits. */
  function fit(text: string, style: TextStyle): string {
    if (style.width === undefined || widthOf(text, style) <= style.width) return text
    const signs = [...text]
    while (signs.length > 0 && widthOf(`${signs.join('')}…`, style) > style.width) signs.pop()
    return `${signs.join('').trimEnd()}…`
  }
  return {
    widthOf,
    put(text, x, y, style) {
      const { size, weight = 'regular', colour = '#1E1B16', align = 'left', width } = style
      const line = fit(text, style)
      const free = width === undefined ? 0 : width - widthOf(line, style)
      let at = x + (align === 'right' ? free : align === 'center' ? free / 2 : 0)
      for (const run of runsOf(line, weight)) {
        doc.font(run.font, size)
        doc.fillColor(colour)
        doc.text(run.text, at, y, { lineBreak: false })
        at += doc.widthOfString(run.text)
      }
    },
  }
}
