/** A show whose pictures carry the wall clock, recorded faster than real time: what a replay shows can be told from its pictures. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import type { MediaStorage } from '../recording/media-storage.ts'
import type { PictureMaker } from '../recording/picture-maker.ts'
import { readFlvTags } from '../rtmp/flv-tags.ts'
import type { MediaResponse } from '../watch/media-answer.ts'
import { createMediaHandler } from '../watch/media-handler.ts'
import { isVideo } from './clips.ts'
import { type CodedShape, drawCodedClip } from './coded-frames.ts'
import { feed } from './feed.ts'
import { createFolderStorage } from './folder-storage.ts'

/** Wall clock of the first frame. */
export const showStartMs = 1_796_000_000_000
export const showSize = { widthPx: 320, heightPx: 180 }

export interface RecordedShow {
  folder: string
  storage: MediaStorage
  hub: LiveHub
  /** Publishes a clip whose first frame comes `atMs` after the show's start; each picture carries its ms since then. */
  publish: (atMs: number, seconds: number, shape?: Partial<CodedShape>) => Promise<void>
  get: (target: string) => Promise<MediaResponse>
}

const clips = new Map<string, Promise<Buffer>>()

export async function openRecordedShow(t: TestContext, pictures: PictureMaker | null = null): Promise<RecordedShow> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-show-'))
  const storage = createFolderStorage(folder)
  let nowMs = showStartMs
  const now = () => nowMs
  const hub = createLiveHub({ storage, now })
  const handle = createMediaHandler({ hub, storage, pictures })
  t.after(async () => {
    await hub.close()
    await rm(folder, { recursive: true })
  })
  return {
    folder,
    storage,
    hub,
    async publish(atMs, seconds, told = {}) {
      const shape = { ...showSize, rate: 25, gop: 25, bitsPerS: 300_000, ...told }
      const name = JSON.stringify([atMs, seconds, shape])
      const clip = clips.get(name) ?? drawCodedClip(seconds, shape, (index) => atMs + (index * 1000) / shape.rate)
      clips.set(name, clip)
      const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
      assert.equal(answer.kind, 'opened')
      const tags = readFlvTags(await clip)
      // Its sound is encoded ahead, so that its first picture has a later stamp than 0.
      const firstMs = tags.find((tag) => isVideo(tag) && tag.body[1] === 1)?.timestampMs ?? 0
      for (const tag of tags) {
        nowMs = showStartMs + atMs + tag.timestampMs - firstMs
        feed(answer.sink, [tag])
      }
      answer.sink.end('unpublished')
    },
    get(target) {
      const [path = '', query = ''] = target.split('?')
      return handle({ roomId: 1, path, query: new URLSearchParams(query) })
    },
  }
}
