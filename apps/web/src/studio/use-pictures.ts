import type { Picture } from '@chunbo/contract/basics'
import { pictureUrl } from '@chunbo/contract/basics'
import { computed, onScopeDispose, ref } from 'vue'
import { describeError, toApiError } from '../ui/api-error.ts'
import { movedItem } from '../ui/moved-item.ts'
import { toast } from '../ui/toast.ts'
import { sendPicture } from './send-picture.ts'
import { skuText } from './texts-skus.ts'

/** One picture of a product on its way: on the server (id), being sent (share from 0 to 1) or refused (error). */
export interface PictureTile {
  readonly key: number
  readonly file: File | undefined
  readonly url: string
  id: string | undefined
  share: number
  error: string | undefined
}

const PICTURES_MAX = 9
const PICTURE_BYTES_MAX = 10 * 1024 * 1024
const AT_ONCE_MAX = 2
/** What phones make; an iPhone turns its HEIC into JPEG when only these are asked for. */
export const PICTURE_TYPES = 'image/jpeg,image/png,image/webp'

/** The pictures of a form, at most `picturesMax`, sent to `path`: two go up at a time, each tells its progress and its own error, order is kept throughout. */
export function usePictures(picturesMax = PICTURES_MAX, path = '/api/pictures') {
  const tiles = ref<PictureTile[]>([])
  const stops = new Map<number, AbortController>()
  let lastKey = 0

  function start(): void {
    for (const tile of tiles.value) {
      if (stops.size >= AT_ONCE_MAX) return
      if (tile.file && tile.id === undefined && tile.error === undefined && !stops.has(tile.key))
        void upload(tile, tile.file)
    }
  }
  async function upload(tile: PictureTile, file: File): Promise<void> {
    const stop = new AbortController()
    stops.set(tile.key, stop)
    try {
      const tell = (share: number) => {
        tile.share = share
      }
      const picture = await sendPicture(file, stop.signal, tell, path)
      tile.id = picture.id
    } catch (cause) {
      if (!stop.signal.aborted) tile.error = describeError(toApiError(cause))
    } finally {
      stops.delete(tile.key)
      start()
    }
  }
  function newTile(file: File): PictureTile {
    lastKey += 1
    let error: string | undefined
    if (!PICTURE_TYPES.includes(file.type) || file.type === '') error = skuText('uploadNotPicture')
    else if (file.size > PICTURE_BYTES_MAX) error = skuText('uploadTooLarge')
    return { key: lastKey, file, url: URL.createObjectURL(file), id: undefined, share: 0, error }
  }
  function add(files: Iterable<File>): void {
    const room = picturesMax - tiles.value.length
    const all = [...files]
    if (all.length > room) toast(skuText('uploadTooMany', { n: picturesMax }), 'info')
    tiles.value.push(...all.slice(0, Math.max(0, room)).map(newTile))
    start()
  }
  function fill(pictures: readonly Picture[]): void {
    dropAll()
    tiles.value = pictures.map((picture) => {
      lastKey += 1
      return {
        key: lastKey,
        file: undefined,
        url: pictureUrl(picture.id, 400),
        id: picture.id,
        share: 1,
        error: undefined,
      }
    })
  }
  function forget(tile: PictureTile): void {
    stops.get(tile.key)?.abort()
    if (tile.file) URL.revokeObjectURL(tile.url)
  }
  function remove(key: number): void {
    const tile = tiles.value.find((one) => one.key === key)
    if (tile) forget(tile)
    tiles.value = tiles.value.filter((one) => one.key !== key)
    start()
  }
  function retry(key: number): void {
    const tile = tiles.value.find((one) => one.key === key)
    if (!tile) return
    tile.error = undefined
    tile.share = 0
    start()
  }
  function move(from: number, to: number): void {
    tiles.value = movedItem(tiles.value, from, to)
  }
  function dropAll(): void {
    for (const tile of tiles.value) forget(tile)
  }
  onScopeDispose(dropAll)
  const ids = computed(() => tiles.value.flatMap((tile) => (tile.id === undefined ? [] : [tile.id])))
  const sending = computed(() => tiles.value.some((tile) => tile.id === undefined && tile.error === undefined))
  return {
    tiles,
    ids,
    sending,
    isFull: computed(() => tiles.value.length >= picturesMax),
    add,
    fill,
    remove,
    retry,
    move,
  }
}
export type Pictures = ReturnType<typeof usePictures>
