import { SYNC_OPS_MAX } from '@chunbo/contract/inspection-plan'
import type { Inspection, MyInspections, SyncResult } from '@chunbo/contract/inspections'
import { ref, shallowRef } from 'vue'
import { type ApiError, toApiError } from '../ui/api-error.ts'
import { loadMine, sendOps, sendPhoto } from './api.ts'
import { deviceId, listenWritten, mine, openBook, ops, photos, waiting } from './book.ts'
import { type KeptOp, keepAnswer, keepMine, keepPhotos } from './device-store.ts'

/** Sends what waits on this phone whenever there is a network, and fetches what others have done. */
export const sending = ref(false)
export const trouble = shallowRef<ApiError | null>(null)

const AFTER_WRITE_MS = 1_200
const AGAIN_MS = 30_000
let soon: number | undefined

function merge(book: MyInspections, news: readonly Inspection[]): MyInspections {
  const fresh = new Map(news.map((each) => [each.id, each]))
  const kept = book.inspections.map((each) => fresh.get(each.id) ?? each)
  const added = news.filter(({ id }) => !book.inspections.some((each) => each.id === id))
  const stages = new Map(news.map(({ caseId, caseStage }) => [caseId, caseStage]))
  const cases = book.cases.map((each) => ({ ...each, stage: stages.get(each.id) ?? each.stage }))
  return { ...book, cases, inspections: [...kept, ...added] }
}

/** One batch, in the order in which it was written. False when nothing waits. */
async function sendBatch(): Promise<boolean> {
  const book = mine.value
  if (book === null) return false
  const batch = ops.value
    .filter(({ userId, refused }) => userId === book.me.id && refused === null)
    .slice(0, SYNC_OPS_MAX)
  if (batch.length === 0) return false
  const answer = await sendOps(
    deviceId(),
    batch.map(({ op }) => op),
  )
  const results = new Map(answer.results.map((result) => [result.id, result]))
  const taken: number[] = []
  const refused: KeptOp[] = []
  for (const kept of batch) {
    const result: SyncResult | undefined = results.get(kept.op.id)
    if (result === undefined) continue
    // What has a code is kept here with its words until somebody has read them.
    const { code, zh, en } = result
    if (code !== null) refused.push({ ...kept, refused: { code, zh, en } })
    else taken.push(kept.n)
  }
  if (taken.length + refused.length === 0) return false
  await keepAnswer({ taken, refused, mine: merge(book, answer.inspections), sentAt: new Date().toISOString() })
  await openBook()
  return true
}

/** Gives why the server would not have a photo; null when it took all. */
async function sendPhotos(): Promise<ApiError | null> {
  let refusedPhoto: ApiError | null = null
  for (const photo of photos.value.filter(({ userId, sent }) => userId === mine.value?.me.id && !sent)) {
    try {
      await sendPhoto(photo.id, photo.blob)
    } catch (error) {
      // One that the server will not have stays here and holds up none of the others.
      if (toApiError(error).kind !== 'refused') throw error
      refusedPhoto = toApiError(error)
      continue
    }
    await keepPhotos([photo], [])
    await openBook()
  }
  // What is signed and at the server is seen from there.
  const signed = new Set((mine.value?.inspections ?? []).filter(({ state }) => state === 'signed').map(({ id }) => id))
  const there = new Set((mine.value?.inspections ?? []).flatMap((each) => each.photos.map(({ id }) => id)))
  const over = photos.value.filter(({ sent, id, inspectionId }) => sent && signed.has(inspectionId) && there.has(id))
  if (over.length > 0) {
    await keepPhotos(
      [],
      over.map(({ id }) => id),
    )
    await openBook()
  }
  return refusedPhoto
}

async function run(): Promise<void> {
  sending.value = true
  try {
    await openBook()
    const fresh = mine.value === null ? await loadMine() : null
    if (fresh !== null) {
      await keepMine(fresh)
      await openBook()
    }
    while (await sendBatch());
    const refusedPhoto = await sendPhotos()
    await keepMine(await loadMine())
    await openBook()
    trouble.value = refusedPhoto
  } catch (error) {
    trouble.value = toApiError(error)
  } finally {
    sending.value = false
  }
}

/** Sends now. Of several tabs one does it; the same sent twice is taken once. */
export async function sendNow(): Promise<void> {
  if (sending.value) return
  if (navigator.locks === undefined) return run()
  await navigator.locks.request('chunbo-inspect-send', { ifAvailable: true }, async (lock) => {
    if (lock !== null) await run()
  })
}

let started = false
/** Opens the book, sends what waits, and goes on doing so while the app is open. */
export async function startSending(): Promise<void> {
  if (started) return void sendNow()
  started = true
  listenWritten(() => {
    window.clearTimeout(soon)
    soon = window.setTimeout(() => void sendNow(), AFTER_WRITE_MS)
  })
  window.addEventListener('online', () => void sendNow())
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void sendNow()
  })
  window.setInterval(() => {
    if (!document.hidden || waiting.value > 0) void sendNow()
  }, AGAIN_MS)
  await openBook()
  void navigator.storage?.persist?.()
  void sendNow()
}
