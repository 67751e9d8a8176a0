import type { EveningReport, EveningTable, Sold } from '@chunbo/contract'

/** A field of a CSV file. What a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

type Cell = string | number | null
const SOLD = ['orders', 'packs', 'grams', 'fen']
const sold = ({ orders, packs, grams, fen }: Sold): Cell[] => [orders, packs, grams, fen]
const whileExplained = SOLD.map((name) => `explained_${name}`)

function minutes(report: EveningReport): Cell[][] {
  return [
    ['at', 'viewers', 'entries', 'chat', 'likes', 'orders', 'fen', 'pinned_sku'],
    ...report.steps.map((step) => {
      const untilMs = Date.parse(step.at) + report.stepMin * 60_000
      const pin = report.segments.findLast(
        ({ from, until }) => Date.parse(from) < untilMs && (until === null || Date.parse(until) > Date.parse(step.at)),
      )
      return [step.at, step.viewers, step.entries, step.chat, step.likes, step.orders, step.fen, pin?.skuId ?? null]
    }),
  ]
}

function goods(report: EveningReport): Cell[][] {
  return [
    ['sku', 'title_zh', 'title_en', 'net_g', ...SOLD, 'segments', 'explained_s', ...whileExplained],
    ...report.goods.map((each) => [
      each.skuId,
      each.titleZh,
      each.titleEn,
      each.netG,
      ...sold(each.sold),
      each.segments,
      each.explainedS,
      ...sold(each.soldWhileExplained),
    ]),
  ]
}

function segments(report: EveningReport): Cell[][] {
  const titles = new Map(report.goods.map((each) => [each.skuId, each]))
  return [
    ['from', 'until', 'sku', 'title_zh', 'title_en', ...SOLD],
    ...report.segments.map((segment) => [
      segment.from,
      segment.until,
      segment.skuId,
      titles.get(segment.skuId)?.titleZh ?? '',
      titles.get(segment.skuId)?.titleEn ?? '',
      ...sold(segment.sold),
    ]),
  ]
}

const TABLES: Readonly<Record<EveningTable, (report: EveningReport) => Cell[][]>> = { minutes, goods, segments }

/** A table of the report as CSV (RFC 4180) with a byte order mark, by which spreadsheets know the characters. Times are UTC. */
export function reportCsv(report: EveningReport, table: EveningTable): string {
  const lines = TABLES[table](report).map((cells) => cells.map(field).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}
