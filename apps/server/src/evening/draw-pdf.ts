import { type EveningGoods, type EveningReport, formatAmount, formatTotalWeight, type RoomDrop } from '@chunbo/contract'
import PdfDocument from 'pdfkit'
import { clockText, drawChart } from './pdf-chart.ts'
import { type FontBook, openFontBook } from './pdf-font.ts'
import { fillWords, PDF_WORDS, type PdfWords } from './pdf-words.ts'

type Lang = 'zh' | 'en'
interface Sheet {
  readonly doc: PDFKit.PDFDocument
  readonly fonts: FontBook
  readonly words: PdfWords
  readonly lang: Lang
  readonly report: EveningReport
}

/** A4 in points, and the margin. */
const PAGE = { width: 595.28, height: 841.89, margin: 40 }
const WIDTH = PAGE.width - PAGE.margin * 2
const BOTTOM = PAGE.height - 56
const QUIET = '#6B645A'
const ROW_H = 17
const DIGITS = ' !"%&\'()*+,-./:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz0123456789¥·…–—−×÷'

/** The report as a PDF of A4 pages; its Chinese font is inside. */
export async function drawPdf(report: EveningReport, lang: Lang): Promise<Buffer> {
  const words: PdfWords = PDF_WORDS[lang]
  const doc = new PdfDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: lang === 'zh' ? 'zh-CN' : 'en',
    info: { Title: titleOf(report.room, lang), Creator: 'Chunbo', CreationDate: new Date(report.asOf) },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
  const labels = [DIGITS, ...Object.values(words), '春播万吨斤公克优惠券领走福袋人参加中投票限时价原价']
  const fonts = await openFontBook(doc, {
    regular: [...labels, JSON.stringify(report)],
    bold: [...labels, titleOf(report.room, lang)],
  })
  const sheet: Sheet = { doc, fonts, words, lang, report }
  let y = drawHead(sheet)
  y = drawFigures(sheet, y + 12)
  fonts.put(
    report.stepMin === 1 ? words.curve : fillWords(words.curveLong, { n: report.stepMin }),
    PAGE.margin,
    y + 14,
    { size: 11, weight: 'bold' },
  )
  drawChart(doc, fonts, words, report, { x: PAGE.margin, y: y + 34, width: WIDTH, height: 190 })
  y = drawGoods(sheet, y + 242)
  y = drawSegments(sheet, y + 16)
  y = drawDrops(sheet, y + 16)
  drawNote(sheet, y + 14)
  drawFeet(sheet)
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function titleOf(room: EveningReport['room'], lang: Lang): string {
  return lang === 'en' && room.titleEn !== '' ? room.titleEn : room.titleZh
}

function drawHead({ doc, fonts, words, lang, report }: Sheet): number {
  const { room } = report
  const startMs = Date.parse(room.startedAt ?? room.scheduledAt)
  const untilMs = startMs + report.lengthS * 1000
  const day = new Date(startMs + 8 * 3_600_000).toISOString().slice(0, 10)
  const office = lang === 'en' ? room.hostOfficeEn || room.hostOffice : room.hostOffice
  const where = [...new Set([room.county.province, room.county.prefecture, room.county.county])].join(' ')
  doc.rect(PAGE.margin, 40, 4, 40).fill('#1F7A4D')
  const kind = room.practice ? `${words.report} · ${words.rehearsal}` : words.report
  fonts.put(kind, PAGE.margin + 14, 36, { size: 9, colour: QUIET })
  fonts.put(titleOf(room, lang), PAGE.margin + 14, 48, { size: 20, weight: 'bold', width: WIDTH - 14 })
  const line = [
    where,
    `${office} ${room.hostName}`.trim(),
    `${day} ${clockText(startMs)}–${clockText(untilMs)}`,
    ...(room.endedAt ? [] : [words.soFar]),
  ].join(' · ')
  fonts.put(line, PAGE.margin + 14, 76, { size: 9, colour: QUIET, width: WIDTH - 14 })
  return 96
}

/** What each box says: name, figure, and what belongs to it. */
function figuresOf({ words, lang, report }: Sheet): [name: string, figure: string, more: string][] {
  const { audience, sold, soldOnAir, again, questions } = report
  const number = (value: number) => Math.round(value).toLocaleString('en')
  const amount = (fen: number | null) => (fen === null ? words.empty : formatAmount(fen, lang))
  const share = report.conversion
  const minutesEach = audience.entries === 0 ? 0 : audience.watchedS / 60 / audience.entries
  return [
    [
      words.money,
      amount(soldOnAir.fen),
      sold.fen === soldOnAir.fen ? '' : fillWords(words.inAll, { amount: amount(sold.fen) }),
    ],
    [words.orders, number(soldOnAir.orders), fillWords(words.perBuyer, { amount: amount(report.perBuyerFen) })],
    [words.weight, formatTotalWeight(soldOnAir.grams, lang), fillWords(words.packs, { n: number(soldOnAir.packs) })],
    [words.viewers, number(audience.peak), fillWords(words.mean, { n: number(audience.mean) })],
    [words.entries, number(audience.entries), fillWords(words.perViewer, { n: minutesEach.toFixed(1) })],
    [
      words.conversion,
      share === null ? words.empty : `${(share * 100).toFixed(1)}%`,
      fillWords(words.buyers, { n: number(report.buyers) }),
    ],
    [words.gpm, amount(report.gpmFen), fillWords(words.likes, { n: number(audience.likes) })],
    [
      words.again,
      fillWords(words.people, { n: number(again.buyers) }),
      fillWords(words.again30, { n: number(again.within30Days) }),
    ],
    [
      words.questions,
      questions ? number(questions.questions) : words.empty,
      questions
        ? fillWords(words.answered, { n: number(questions.answered) })
        : fillWords(words.chat, { n: number(audience.chat) }),
    ],
  ]
}

function drawFigures(sheet: Sheet, top: number): number {
  const { doc, fonts } = sheet
  const [columns, gap, height] = [3, 8, 54]
  const width = (WIDTH - gap * (columns - 1)) / columns
  for (const [index, [name, figure, more]] of figuresOf(sheet).entries()) {
    const x = PAGE.margin + (index % columns) * (width + gap)
    const y = top + Math.floor(index / columns) * (height + gap)
    doc.roundedRect(x, y, width, height, 6).fill('#F7F2E7')
    fonts.put(name, x + 10, y + 6, { size: 8, colour: QUIET })
    fonts.put(figure, x + 10, y + 16, { size: 16, weight: 'bold', width: width - 20 })
    fonts.put(more, x + 10, y + 38, { size: 8, colour: QUIET, width: width - 20 })
  }
  return top + 3 * (height + gap)
}

interface Column {
  readonly head: string
  readonly width: number
  readonly align: 'left' | 'right'
}

/** A table that goes on over the pages with its head again. Gives where it ends. */
function drawTable(sheet: Sheet, top: number, title: string, columns: readonly Column[], rows: string[][]): number {
  const { doc, fonts } = sheet
  let y = top
  const line = (cells: readonly string[], bold: boolean) => {
    let x = PAGE.margin
    for (const [index, { width, align }] of columns.entries()) {
      const style = { size: 8.5, align, width: width - 8, ...(bold ? { colour: QUIET } : {}) } as const
      fonts.put(cells[index] ?? '', x + (align === 'right' ? 8 : 0), y + 2, style)
      x += width
    }
    y += ROW_H
    doc
      .moveTo(PAGE.margin, y - 2)
      .lineTo(PAGE.margin + WIDTH, y - 2)
      .lineWidth(0.4)
      .stroke('#E8E1D4')
  }
  const heads = columns.map(({ head }) => head)
  if (y + ROW_H * 3 + 20 > BOTTOM) y = nextPage(sheet)
  fonts.put(title, PAGE.margin, y, { size: 11, weight: 'bold' })
  y += 20
  if (heads.some((head) => head !== '')) line(heads, true)
  for (const row of rows) {
    if (y + ROW_H > BOTTOM) {
      y = nextPage(sheet)
      line(heads, true)
    }
    line(row, false)
  }
  return y
}

function nextPage({ doc }: Sheet): number {
  doc.addPage({ size: 'A4', margin: 0 })
  return PAGE.margin
}

const left = (head: string, width: number): Column => ({ head, width, align: 'left' })
const right = (head: string, width: number): Column => ({ head, width, align: 'right' })

function drawGoods(sheet: Sheet, top: number): number {
  const { words, lang, report, fonts } = sheet
  if (report.goods.length === 0) {
    fonts.put(report.sold.orders === 0 ? words.noSales : words.noGoods, PAGE.margin, top, { size: 9, colour: QUIET })
    return top + 16
  }
  const columns = [
    left('', 18),
    left(words.goods, 162),
    right(words.orders, 50),
    right(words.sold, 58),
    right(words.amount, 77),
    right(words.explained, 62),
    right(words.meanwhile, 88.28),
  ]
  const rows = report.goods.map((each, index) => [
    String(index + 1),
    nameOf(each, lang),
    each.sold.orders.toLocaleString('en'),
    formatTotalWeight(each.sold.grams, lang),
    formatAmount(each.sold.fen, lang),
    each.segments === 0 ? words.empty : fillWords(words.minutes, { n: (each.explainedS / 60).toFixed(1) }),
    each.segments === 0 ? words.empty : formatAmount(each.soldWhileExplained.fen, lang),
  ])
  return drawTable(sheet, top, words.goods, columns, rows)
}

const nameOf = (goods: EveningGoods, lang: Lang) =>
  lang === 'en' && goods.titleEn !== '' ? goods.titleEn : goods.titleZh

function drawSegments(sheet: Sheet, top: number): number {
  const { words, lang, report } = sheet
  if (report.segments.length === 0) return top - 16
  const goods = new Map(report.goods.map((each, index) => [each.skuId, { each, number: index + 1 }]))
  const columns = [
    left(words.from, 62),
    right(words.length, 48),
    left('', 8),
    left('', 18),
    left(words.goods, 185),
    right(words.orders, 50),
    right(words.sold, 62),
    right(words.amount, 82.28),
  ]
  const rows = report.segments.map((segment) => {
    const fromMs = Date.parse(segment.from)
    const untilMs = segment.until ? Date.parse(segment.until) : Date.parse(report.asOf)
    const found = goods.get(segment.skuId)
    return [
      clockText(fromMs),
      fillWords(words.minutes, { n: ((untilMs - fromMs) / 60_000).toFixed(1) }),
      '',
      found ? String(found.number) : '',
      found ? nameOf(found.each, lang) : '',
      segment.sold.orders.toLocaleString('en'),
      formatTotalWeight(segment.sold.grams, lang),
      formatAmount(segment.sold.fen, lang),
    ]
  })
  return drawTable(sheet, top, words.segments, columns, rows)
}

/** What a drop came to, in one line. Winners are people, so paper does not name them. */
function dropLine(drop: RoomDrop, lang: Lang): [what: string, came: string] {
  const text = (zh: string, en: string) => (lang === 'en' && en !== '' ? en : zh)
  switch (drop.kind) {
    case 'coupon':
      return [
        `${text('优惠券', 'Coupon')} ${formatAmount(drop.offFen, lang)}`,
        text(`领走 ${drop.total - drop.left} / ${drop.total}`, `${drop.total - drop.left} of ${drop.total} taken`),
      ]
    case 'bag':
      return [
        `${text('福袋', 'Lucky bag')} ${text(drop.prizeZh, drop.prizeEn)} × ${drop.prizes}`,
        text(
          `${drop.entrants} 人参加，${drop.winners.length} 人中`,
          `${drop.entrants} entered, ${drop.winners.length} won`,
        ),
      ]
    case 'poll': {
      const votes = drop.options.reduce((sum, option) => sum + option.votes, 0)
      const best = drop.options.toSorted((one, other) => other.votes - one.votes)[0]
      return [
        `${text('投票', 'Poll')} ${text(drop.questionZh, drop.questionEn)}`,
        best
          ? text(`${votes} 票，${best.zh} ${best.votes}`, `${votes} votes, ${best.en || best.zh} ${best.votes}`)
          : '',
      ]
    }
    case 'flash':
      return [
        `${text('限时价', 'Flash price')} ${formatAmount(drop.priceFen, lang)}`,
        text(`原价 ${formatAmount(drop.wasFen, lang)}`, `was ${formatAmount(drop.wasFen, lang)}`),
      ]
  }
}

function drawDrops(sheet: Sheet, top: number): number {
  const { words, lang, report } = sheet
  if (report.drops.length === 0) return top - 16
  const rows = report.drops.map((drop) => [clockText(drop.openedAtMs), ...dropLine(drop, lang)])
  return drawTable(sheet, top, words.drops, [left('', 62), left('', 270), left('', WIDTH - 332)], rows)
}

/** The definitions, over as many lines as they need. */
function drawNote(sheet: Sheet, top: number): void {
  const { fonts, words } = sheet
  const style = { size: 7.5, colour: QUIET }
  // Chinese breaks anywhere, English at its spaces.
  const pieces =
    `${words.note}${sheet.lang === 'en' ? ' ' : ''}${words.times}${sheet.lang === 'en' ? '.' : '。'}`.match(
      /[\u0021-\u024f–]+ ?|./gu,
    )
  let y = top + 36 > BOTTOM ? nextPage(sheet) : top
  let line = ''
  for (const piece of pieces ?? []) {
    if (fonts.widthOf(line + piece, style) > WIDTH) {
      fonts.put(line, PAGE.margin, y, style)
      y += 12
      line = ''
    }
    line += piece
  }
  fonts.put(line, PAGE.margin, y, style)
}

function drawFeet({ doc, fonts, words }: Sheet): void {
  const { start, count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(start + page)
    const text = fillWords(words.page, { n: page + 1, all: count })
    fonts.put(text, PAGE.margin, PAGE.height - 34, { size: 8, colour: QUIET, align: 'right', width: WIDTH })
    fonts.put('Chunbo 春播', PAGE.margin, PAGE.height - 34, { size: 8, colour: QUIET })
  }
}
