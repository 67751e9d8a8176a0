import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator } from 'playwright-core'

const waitMsMax = 30_000
const lookEveryMs = 50

/** Looks until the value is there (not undefined, false or null) and gives it; fails with `what` after 30 s. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false | null>): Promise<T> {
  const deadlineMs = performance.now() + waitMsMax
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false && value !== null) return value
    if (performance.now() > deadlineMs) assert.fail(`it did not come to this: ${what}`)
    await sleep(lookEveryMs)
  }
}

/** What a video element has shown: its time in seconds and the frames decoded so far. */
export async function watched(video: Locator): Promise<{ timeS: number; frames: number; paused: boolean }> {
  return video.evaluate((element) => ({
    timeS: element.currentTime,
    frames: element.getVideoPlaybackQuality().totalVideoFrames,
    paused: element.paused,
  }))
}

/** Waits until the video has moved on by `forS` seconds and decoded new frames since this call. */
export async function seeItPlay(video: Locator, forS: number): Promise<void> {
  await video.waitFor()
  const before = await watched(video)
  await until(`the video plays on from ${JSON.stringify(before)}`, async () => {
    const now = await watched(video)
    // A live player jumps to the edge at its start, so time alone could be one jump without a picture.
    return now.timeS >= before.timeS + forS && now.frames >= before.frames + forS * 5
  })
}
