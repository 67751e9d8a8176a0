import { pictureUrl } from '@chunbo/contract/basics'
import { computed, onScopeDispose, type Ref, ref } from 'vue'
import { sendPicture } from '../studio/send-picture.ts'
import { type ApiError, toApiError } from '../ui/api-error.ts'
import { shrinkPhoto } from './shrink-photo.ts'

export interface PhotoTile {
  readonly key: number
  readonly url: string
  /** Null once it is on the server. */
  readonly file: File | null
  id: string | null
  /** 0 to 1. */
  share: number
  error: ApiError | null
}

/** As many as a report takes. */
export const PHOTOS_MAX = 6

/**
 * Photos of a report, one going up at a time since the network is thin; `ids` follows those that have arrived. One that
 * failed for the network is tried again when the network is back.
 */
export function usePhotos(ids: Ref<string[]>) {
  let lastKey = 0
  const tiles = ref<PhotoTile[]>(
    ids.value.map((id) => ({ key: ++lastKey, url: pictureUrl(id, 400), file: null, id, share: 1, error: null })),
  )
  const stop = new AbortController()
  let running = false

  const keepIds = () => {
    ids.value = tiles.value.flatMap(({ id }) => (id === null ? [] : [id]))
  }
  async function upload(tile: PhotoTile, file: File): Promise<void> {
    tile.error = null
    try {
      const small = await shrinkPhoto(file)
      const tell = (share: number) => {
        tile.share = share
      }
      const picture = await sendPicture(small, stop.signal, tell, '/api/relief/pictures')
      tile.id = picture.id
      keepIds()
    } catch (cause) {
      if (!stop.signal.aborted) tile.error = toApiError(cause)
    }
  }
  async function work(): Promise<void> {
    if (running) return
    running = true
    for (;;) {
      const tile = tiles.value.find((one) => one.id === null && one.error === null)
      if (tile?.file == null || stop.signal.aborted) break
      await upload(tile, tile.file)
    }
    running = false
  }
  function add(files: Iterable<File>): void {
    const room = PHOTOS_MAX - tiles.value.length
    for (const file of [...files].slice(0, Math.max(0, room))) {
      tiles.value.push({ key: ++lastKey, url: URL.createObjectURL(file), file, id: null, share: 0, error: null })
    }
    void work()
  }
  function again(tile: PhotoTile): void {
    tile.error = null
    void work()
  }
  function remove(tile: PhotoTile): void {
    tiles.value = tiles.value.filter(({ key }) => key !== tile.key)
    if (tile.file) URL.revokeObjectURL(tile.url)
    keepIds()
  }
  const backOnline = () => {
    for (const tile of tiles.value) if (tile.error && tile.error.kind !== 'refused') tile.error = null
    void work()
  }
  window.addEventListener('online', backOnline)
  onScopeDispose(() => {
    stop.abort()
    window.removeEventListener('online', backOnline)
    for (const { file, url } of tiles.value) if (file) URL.revokeObjectURL(url)
  })
  const waiting = computed(() => tiles.value.some((tile) => tile.id === null && tile.error === null))
  return { tiles, waiting, add, again, remove }
}
