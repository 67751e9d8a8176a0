import type { EveningReport, EveningTable, ReplaySegments, ScreenFigures, SkuSegments } from '@chunbo/contract/evening'
import { read } from '../ui/api.ts'

/** Every call of this area to the server. */
export const loadReport = (roomId: number, signal: AbortSignal) =>
  read<EveningReport>(`/api/rooms/${roomId}/evening`, { signal })
export const loadScreen = (roomId: number) => read<ScreenFigures>(`/api/rooms/${roomId}/screen`, { timeoutMs: 10_000 })
export const loadSegments = (roomId: number, signal: AbortSignal) =>
  read<ReplaySegments>(`/api/rooms/${roomId}/segments`, { signal })
export const loadSkuSegments = (skuId: number, signal: AbortSignal) =>
  read<SkuSegments>(`/api/skus/${skuId}/segments`, { signal })
export const csvUrl = (roomId: number, table: EveningTable) => `/api/rooms/${roomId}/evening.csv?table=${table}`
export const pdfUrl = (roomId: number, lang: string) => `/api/rooms/${roomId}/evening.pdf?lang=${lang}`
/** A segment as a file, for the host team; `play` is its playlist. */
export const mp4Url = (play: string) => play.replace('replay.m3u8', 'replay.mp4')
