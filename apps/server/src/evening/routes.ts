import {
  EveningCsvQuery,
  EveningPdfQuery,
  EveningReport,
  IdParams,
  ReplaySegments,
  ScreenFigures,
  SkuSegments,
} from '@chunbo/contract'
import { type Route, route } from '../platform/routes.ts'
import type { EveningContext } from './context.ts'
import { keepAnswers } from './kept-answer.ts'
import type { MakePdf } from './make-pdf.ts'
import { readReport } from './read-report.ts'
import { readScreen } from './read-screen.ts'
import { readSegments, readSkuSegments } from './read-segments.ts'
import { reportCsv } from './report-csv.ts'

/** Screens ask every few seconds, the report is read by people, segments by everybody who watches the replay. */
const SCREEN_KEEP_MS = 2_500
const REPORT_KEEP_MS = 5_000
const SEGMENTS_KEEP_MS = 20_000
const ROOMS_KEPT_MAX = 200

/** The report with its place spelled for English readers. */
function spell({ spelledPlace }: EveningContext, report: EveningReport): EveningReport {
  const { county } = report.room
  const [province, prefecture, name] = [county.province, county.prefecture, county.county].map(spelledPlace)
  const spelled = { code: county.code, province: province ?? '', prefecture: prefecture ?? '', county: name ?? '' }
  return { ...report, room: { ...report.room, county: spelled } }
}

function reportRoutes(context: EveningContext, makePdf: MakePdf): Route[] {
  const { team } = context.live
  const read = keepAnswers((roomId) => readReport(context, roomId), REPORT_KEEP_MS, ROOMS_KEPT_MAX)
  const limit = { max: 60, windowS: 60, by: 'user' } as const
  return [
    route({
      method: 'GET',
      url: '/api/rooms/:id/evening',
      who: team,
      summary: 'The report of a show: curve, segments, goods, audience, second purchases (host team)',
      params: IdParams,
      response: EveningReport,
      limit,
      handle: ({ params }) => read(params.id),
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/evening.csv',
      who: team,
      summary: 'A table of the report as a CSV file: minutes, goods or segments',
      params: IdParams,
      query: EveningCsvQuery,
      limit,
      handle: async ({ params, query, reply }) => {
        const table = query.table ?? 'minutes'
        const csv = reportCsv(await read(params.id), table)
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="room-${params.id}-${table}.csv"`)
          .send(csv)
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/evening.pdf',
      who: team,
      summary: 'The report as a PDF file to print',
      params: IdParams,
      query: EveningPdfQuery,
      limit: { max: 12, windowS: 60, by: 'user' },
      handle: async ({ params, query, reply }) => {
        const lang = query.lang ?? 'zh'
        const report = await read(params.id)
        const pdf = await makePdf(lang === 'en' ? spell(context, report) : report, lang)
        return reply
          .type('application/pdf')
          .header('content-disposition', `inline; filename="room-${params.id}.pdf"`)
          .send(pdf)
      },
    }),
  ]
}

/** The slice's table. */
export function eveningRoutes(context: EveningContext, makePdf: MakePdf): Route[] {
  const { anyone } = context.identity.who
  const segments = keepAnswers((roomId) => readSegments(context, roomId), SEGMENTS_KEEP_MS, ROOMS_KEPT_MAX)
  const ofSku = keepAnswers((skuId) => readSkuSegments(context, skuId), SEGMENTS_KEEP_MS, ROOMS_KEPT_MAX)
  const screen = keepAnswers((roomId) => readScreen(context, roomId), SCREEN_KEEP_MS, ROOMS_KEPT_MAX)
  return [
    ...reportRoutes(context, makePdf),
    route({
      method: 'GET',
      url: '/api/rooms/:id/screen',
      who: context.live.team,
      summary: 'What the big screen shows (host team)',
      params: IdParams,
      response: ScreenFigures,
      quiet: true,
      limit: { max: 120, windowS: 60, by: 'user' },
      handle: ({ params }) => screen(params.id),
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/segments',
      who: anyone,
      summary: 'Product segments of the replay',
      params: IdParams,
      response: ReplaySegments,
      quiet: true,
      handle: ({ params }) => segments(params.id),
    }),
    route({
      method: 'GET',
      url: '/api/skus/:id/segments',
      who: anyone,
      summary: 'Shows in which a SKU was explained, the newest first',
      params: IdParams,
      response: SkuSegments,
      quiet: true,
      handle: ({ params }) => ofSku(params.id),
    }),
  ]
}
