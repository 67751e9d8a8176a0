import { ref, watch } from 'vue'
import type { Clip } from './use-replay.ts'

/** One picture of a replay: `url` is a JPEG, or where the server makes none an MP4 of one picture, which the browser draws. */
interface Thumb {
  readonly replayMs: number
  readonly url: string
}
export interface Thumbs {
  /** Loads the list, once a clip; to be called when somebody begins to look for a place. */
  want(): void
  /** The picture that is shown at that second; null when there is none. */
  at(atS: number): { url: string; isVideo: boolean } | null
}

/** Pictures to find a place in the replay by. Without an answer there are none, and dragging works as well. */
export function useThumbs(roomId: number, clip: () => Clip): Thumbs {
  const items = ref<readonly Thumb[]>([])
  let asked: string | null = null
  watch(clip, () => {
    items.value = []
    asked = null
  })
  async function load(url: string): Promise<void> {
    const answer = await fetch(url)
    if (!answer.ok || asked !== url) return
    items.value = ((await answer.json()) as { items: Thumb[] }).items
  }
  return {
    want() {
      const url = clip().url.replace('replay.m3u8', 'thumbs.json')
      if (asked === url) return
      asked = url
      load(url).catch(() => {
        asked = null
      })
    },
    at(atS) {
      const found = items.value.findLast(({ replayMs }) => replayMs <= atS * 1000) ?? items.value[0]
      return found === undefined ? null : { url: `/media/${roomId}/${found.url}`, isVideo: !found.url.endsWith('.jpg') }
    },
  }
}
