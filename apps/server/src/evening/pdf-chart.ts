import { type EveningReport, minutesBetweenMarks, roundScale } from '@chunbo/contract'
import type { FontBook } from './pdf-font.ts'
import type { PdfWords } from './pdf-words.ts'

type Doc = PDFKit.PDFDocument
interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const INK = '#6B645A'
const LINE = '#E8E1D4'
export const LEAF = '#1F7A4D'
export const GOLD = '#D9962B'
const AXIS_W = 34
const MARKS_MAX = 9
/** Height of the row of numbers over the curve. */
const PINS_H = 16

/** Clock time in China, HH:MM. */
export function clockText(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16)
}

/** Viewers as an area, orders as bars with a scale of their own, and each segment as a band with the number of its product. */
export function drawChart(doc: Doc, fonts: FontBook, words: PdfWords, report: EveningReport, box: Box): void {
  const { steps, stepMin, segments, goods } = report
  const plot = { x: box.x + AXIS_W, y: box.y + PINS_H, width: box.width - AXIS_W * 2, height: box.height - PINS_H - 16 }
  const bottom = plot.y + plot.height
  const viewers = roundScale(Math.max(0, ...steps.map((step) => step.viewers)))
  const orders = roundScale(Math.max(0, ...steps.map((step) => step.orders)))
  const startMs = Date.parse(steps[0]?.at ?? report.asOf)
  const lengthMs = steps.length * stepMin * 60_000
  const xOf = (ms: number) => plot.x + (Math.min(Math.max(ms - startMs, 0), lengthMs) / lengthMs) * plot.width

  const numberOf = new Map(goods.map((each, index) => [each.skuId, index + 1]))
  let lastNumberX = Number.NEGATIVE_INFINITY
  for (const segment of segments) {
    const [from, to] = [
      xOf(Date.parse(segment.from)),
      xOf(segment.until ? Date.parse(segment.until) : startMs + lengthMs),
    ]
    doc
      .rect(from, plot.y, Math.max(0.6, to - from), plot.height)
      .fillOpacity(0.16)
      .fill(GOLD)
      .fillOpacity(1)
    doc.moveTo(from, plot.y).lineTo(from, bottom).lineWidth(0.4).stroke(GOLD)
    // Where pins come close, as many numbers as can be read.
    if (from - lastNumberX < 11) continue
    lastNumberX = from
    fonts.put(String(numberOf.get(segment.skuId) ?? ''), from, box.y + 2, {
      size: 7,
      weight: 'bold',
      colour: '#7A5108',
    })
  }
  for (let line = 0; line <= viewers.lines; line++) {
    const y = bottom - (line / viewers.lines) * plot.height
    doc
      .moveTo(plot.x, y)
      .lineTo(plot.x + plot.width, y)
      .lineWidth(0.4)
      .stroke(LINE)
    const text = ((viewers.top / viewers.lines) * line).toLocaleString('en')
    fonts.put(text, box.x, y - 5, { size: 7, colour: LEAF, align: 'right', width: AXIS_W - 5 })
  }
  for (let line = 0; line <= orders.lines; line++) {
    const y = bottom - (line / orders.lines) * plot.height
    const text = ((orders.top / orders.lines) * line).toLocaleString('en')
    fonts.put(text, plot.x + plot.width + 5, y - 5, { size: 7, colour: '#7A5108' })
  }
  const stepW = plot.width / Math.max(1, steps.length)
  for (const [index, step] of steps.entries()) {
    if (step.orders === 0) continue
    const height = (step.orders / orders.top) * plot.height
    doc.rect(plot.x + index * stepW, bottom - height, Math.max(0.5, stepW * 0.8), height).fill(GOLD)
  }
  const yOf = (count: number) => bottom - (count / viewers.top) * plot.height
  const points = steps.map((step, index) => [plot.x + (index + 0.5) * stepW, yOf(step.viewers)] as const)
  const [first, last] = [points[0], points.at(-1)]
  if (first && last) {
    doc.moveTo(first[0], bottom)
    for (const [x, y] of points) doc.lineTo(x, y)
    doc.lineTo(last[0], bottom).fillOpacity(0.18).fill(LEAF).fillOpacity(1)
    doc.moveTo(...first)
    for (const [x, y] of points) doc.lineTo(x, y)
    doc.lineWidth(1.2).lineJoin('round').stroke(LEAF)
  }
  drawTimes(doc, fonts, { startMs, lengthMs, bottom, xOf })
  drawLegend(doc, fonts, words, plot, box.y - 14)
}

function drawTimes(
  doc: Doc,
  fonts: FontBook,
  axis: { startMs: number; lengthMs: number; bottom: number; xOf: (ms: number) => number },
): void {
  const everyMs = minutesBetweenMarks(axis.lengthMs / 60_000, MARKS_MAX) * 60_000
  for (let ms = Math.ceil(axis.startMs / everyMs) * everyMs; ms <= axis.startMs + axis.lengthMs; ms += everyMs) {
    const x = axis.xOf(ms)
    doc
      .moveTo(x, axis.bottom)
      .lineTo(x, axis.bottom + 3)
      .lineWidth(0.4)
      .stroke(INK)
    fonts.put(clockText(ms), x - 20, axis.bottom + 4, { size: 7, colour: INK, align: 'center', width: 40 })
  }
}

function drawLegend(doc: Doc, fonts: FontBook, words: PdfWords, plot: Box, y: number): void {
  let x = plot.x + plot.width
  for (const [text, colour, opacity] of [
    [words.pinned, GOLD, 0.3],
    [words.ordered, GOLD, 1],
    [words.watching, LEAF, 1],
  ] as const) {
    x -= fonts.widthOf(text, { size: 8 })
    fonts.put(text, x, y, { size: 8, colour: INK })
    x -= 12
    doc
      .rect(x, y + 2, 8, 8)
      .fillOpacity(opacity)
      .fill(colour)
      .fillOpacity(1)
    x -= 10
  }
}
