/**
 * Days from the end of a show that the law asks for. 网络交易监督管理办法 (SAMR order 37, in force since 2021-05-01) art. 20: video of a trade
 * show is kept for three years from its end; 直播电商监督管理办法 of 2026 repeats it. A rehearsal is no trade and shown to nobody; a week is for
 * the team itself.
 */
export const LEAST_DAYS = { trade: 1_095, practice: 7 } as const

export type RecordingKind = keyof typeof LEAST_DAYS
