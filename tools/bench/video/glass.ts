import { type CodedCamera, type CodedShape, openCodedCamera } from '@chunbo/live-media/testing/coded-frames'
import { picturePageScript, type ShownPicture } from '@chunbo/live-media/testing/picture-page'
import type { Page } from 'playwright-core'
import { percentile } from '../rooms/frames.ts'
import { pause, type RoomStage } from '../rooms/stage.ts'

/** What two cores can encode, serve, decode and draw at the same time without a screen card. */
export const FILMED: CodedShape = {
  widthPx: 640,
  heightPx: 360,
  rate: 30,
  bitsPerS: 1_000_000,
  gop: 60,
  hasSound: true,
}
/** A player has found its pace by then. */
const SETTLE_S = 5
const WATCH_S = 10
const FIRST_PICTURE_MS = 30_000

export interface Seen {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
  /** Pictures shown in a second. */
  readonly perS: number
  readonly unread: number
}

export async function openCamera(stage: RoomStage, url: string): Promise<CodedCamera> {
  const camera = await openCodedCamera(url, FILMED)
  stage.atEnd(() => camera.stop())
  return camera
}

/** Gives a page the reader of picture codes. */
export async function teachToRead(page: Page): Promise<void> {
  await page.evaluate(await picturePageScript())
}

/** Watches the page's video, whichever element it is, that has begun to play. */
export async function watchVideo(page: Page): Promise<void> {
  await teachToRead(page)
  await page.evaluate(`chunboPictures.watch(document.querySelector('video'))`)
}

/** Looks for a while at what a page shows that notes its pictures. @throws when nothing is shown */
export async function look(page: Page): Promise<Seen> {
  await page.waitForFunction('chunboPictures.shown.length > 0', null, { timeout: FIRST_PICTURE_MS })
  await pause(SETTLE_S * 1000)
  await page.evaluate('chunboPictures.shown.length = 0')
  await pause(WATCH_S * 1000)
  const shown = await page.evaluate<ShownPicture[]>('chunboPictures.shown')
  const delaysMs = shown.filter(({ code }) => code !== null).map(({ delayMs }) => delayMs)
  const sorted = delaysMs.sort((a, b) => a - b)
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    maxMs: sorted.at(-1) ?? Number.NaN,
    perS: shown.length / WATCH_S,
    unread: shown.length - sorted.length,
  }
}

export const told = ({ p50Ms, p95Ms, maxMs, perS, unread }: Seen) =>
  `p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms, max ${maxMs.toFixed(0)} ms, ${perS.toFixed(1)} pictures/s` +
  (unread > 0 ? `, ${unread} without a readable number` : '')
