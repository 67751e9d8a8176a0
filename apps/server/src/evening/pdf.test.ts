import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import type { EveningReport } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import './errors.ts'
import { createPdfMaker } from './make-pdf.ts'

const makePdf = createPdfMaker()
after(() => makePdf.close())

const NOTHING = { orders: 0, packs: 0, grams: 0, fen: 0 }
const START_MS = Date.parse('2026-03-15T11:30:00Z')
const at = (minute: number) => new Date(START_MS + minute * 60_000).toISOString()

function report(minutes: number, pins: number): EveningReport {
  const sold = { orders: 30_000, packs: 31_000, grams: 80_000_000, fen: 100_000_000 }
  const goods = Array.from({ length: Math.min(pins, 12) }, (_, index) => ({
    ...{
      shopId: 1,
      skuId: index + 1,
      titleZh: '景东甜豌豆 😀 精品装'.repeat(3),
      titleEn: 'Peas of Jingdong',
      family: 'pod',
    },
    ...{ picture: null, priceFen: 990, netG: 500, sold, soldWhileExplained: sold, explainedS: 600, segments: 5 },
  }))
  return {
    room: {
      ...{ id: 1, titleZh: '景东豌豆专场', titleEn: '', hostName: '李明', hostOffice: '副县长', hostOfficeEn: '' },
      county: { code: 530823, province: '云南省', prefecture: '普洱市', county: '景东彝族自治县' },
      ...{ status: 'ended', practice: false, scheduledAt: at(0), startedAt: at(0), endedAt: at(minutes) },
    },
    lengthS: minutes * 60,
    stepMin: 1,
    steps: Array.from({ length: minutes }, (_, minute) => ({
      ...{ at: at(minute), viewers: minute * 3.5, entries: 9, chat: 4, likes: 2, orders: minute % 40, fen: 99_000 },
    })),
    segments: Array.from({ length: pins }, (_, index) => {
      const from = at((index * minutes) / pins)
      return {
        id: index + 1,
        shopId: 1,
        skuId: (index % 12) + 1,
        from,
        until: at(((index + 0.8) * minutes) / pins),
        sold,
      }
    }),
    goods,
    sold,
    soldOnAir: pins === 0 ? NOTHING : sold,
    audience: { peak: 7000, mean: 4000.5, entries: 20_000, watchedS: 43_200_000, likes: 1, chat: 2 },
    ...{ buyers: 20_000, conversion: null, gpmFen: 500_000, perBuyerFen: null },
    again: { buyers: 1, within30Days: 1, orders: 1, fen: 990 },
    questions: null,
    drops: [],
    asOf: at(minutes + 1),
  }
}

/** All that the streams of a PDF say, unpacked. */
function streamsOf(pdf: Buffer): string {
  const found: string[] = []
  for (let from = pdf.indexOf('stream\n'); from >= 0; from = pdf.indexOf('stream\n', from + 7)) {
    const to = pdf.indexOf('endstream', from)
    try {
      found.push(inflateSync(pdf.subarray(from + 7, to)).toString('latin1'))
    } catch {
      // Not every stream is packed, and not every word "stream" begins one.
    }
  }
  return found.join('\n')
}

test('three hours with sixty pins are a few pages with their font inside and their text to be searched', async () => {
  const pdf = await makePdf(report(180, 60), 'zh')
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  assert.ok(pdf.length < 400_000, `${pdf.length} bytes`)
  const text = pdf.toString('latin1')
  assert.match(text, /NotoSansSC/)
  assert.match(text, /\/FontFile2/)
  assert.equal([...text.matchAll(/\/Type \/Page\b/g)].length, 3)
  // Signs by their code points in the tables that map glyphs to characters.
  const maps = streamsOf(pdf)
  for (const sign of '景豌播报') assert.ok(maps.includes(`<${sign.codePointAt(0)?.toString(16)}>`), sign)
})

test('a show without anything has a report too, in both languages', async () => {
  for (const lang of ['zh', 'en'] as const) {
    const pdf = await makePdf(report(1, 0), lang)
    assert.equal([...pdf.toString('latin1').matchAll(/\/Type \/Page\b/g)].length, 1)
  }
})

test('more reports at once than can wait are refused for the moment', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 7 }, () => makePdf(report(1, 0), 'zh')))
  const refused = answers.filter((answer) => answer.status === 'rejected')
  assert.equal(refused.length, 3)
  for (const { reason } of refused) assert.ok(reason instanceof Refusal && reason.code === 'evening.pdf_busy')
})
