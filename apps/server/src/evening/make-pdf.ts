import { Worker } from 'node:worker_threads'
import type { EveningReport } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'

export type MakePdf = (report: EveningReport, lang: 'zh' | 'en') => Promise<Buffer>

/** PDFs in the making at once, and waiting for that; a PDF takes two or three seconds of a core. */
const WAITING_MAX = 4
const TIME_MAX_MS = 30_000

/**
 * Makes PDFs in a thread of its own, one after the other, so that cutting fonts never holds up a room. The thread ends with each PDF and
 * gives its memory back. Throws Refusal evening.pdf_busy when too many wait.
 */
export function createPdfMaker(): MakePdf & { close(): Promise<void> } {
  let worker: Worker | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let closed = false

  const run = (report: EveningReport, lang: string) =>
    new Promise<Buffer>((resolve, reject) => {
      if (closed) throw new Refusal('evening.pdf_busy', {}, { retryAfterS: 5 })
      const mine = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
        workerData: { report, lang },
        resourceLimits: { maxOldGenerationSizeMb: 384 },
      })
      worker = mine
      const end = (error: Error | null, pdf?: Uint8Array) => {
        clearTimeout(timer)
        if (pdf) resolve(Buffer.from(pdf))
        else reject(error ?? new Error('the thread ended without a PDF'))
        void mine.terminate()
      }
      const timer = setTimeout(() => end(new Error(`no PDF after ${TIME_MAX_MS} ms`)), TIME_MAX_MS)
      mine.once('message', (pdf: Uint8Array) => end(null, pdf))
      mine.once('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
      mine.once('exit', () => end(null))
    })
  const make: MakePdf = async (report, lang) => {
    if (waiting >= WAITING_MAX) throw new Refusal('evening.pdf_busy', {}, { retryAfterS: 5 })
    waiting += 1
    const made = queue.then(() => run(report, lang))
    queue = made.catch(() => undefined)
    return made.finally(() => {
      waiting -= 1
    })
  }
  return Object.assign(make, {
    async close() {
      closed = true
      await worker?.terminate()
    },
  })
}
