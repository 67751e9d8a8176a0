import { Worker } from 'node:worker_threads'
import type { CardDrawing } from './share-card.ts'

const TIME_MAX_MS = 30_000
/** The thread keeps its fonts open for so long after a card, some 60 MB, and then goes. */
const IDLE_MS = 60_000

/** One question and its answer. */
function ask(worker: Worker, drawing: CardDrawing): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end({ error: `no card after ${TIME_MAX_MS} ms` }), TIME_MAX_MS)
    const failed = (error: unknown) => end({ error: String(error) })
    const ended = () => end({ error: 'the thread ended without a card' })
    function end(answer: { svg?: string; error?: string }): void {
      clearTimeout(timer)
      worker.off('message', end).off('error', failed).off('exit', ended)
      if (answer.svg === undefined) reject(new Error(answer.error ?? 'no card'))
      else resolve(answer.svg)
    }
    worker.on('message', end).on('error', failed).on('exit', ended)
    worker.postMessage(drawing)
  })
}

/** Draws cards away from the rooms' thread. One at a time: the caller waits for the answer before it asks again. */
export interface CardDrawer {
  draw(drawing: CardDrawing): Promise<string>
  close(): Promise<void>
}

export function createCardDrawer(): CardDrawer {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  const stop = async () => {
    const mine = worker
    worker = null
    await mine?.terminate()
  }
  return {
    async draw(drawing) {
      clearTimeout(idle)
      worker ??= new Worker(new URL('./card-worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: 256 },
      })
      try {
        return await ask(worker, drawing)
      } catch (error) {
        await stop()
        throw error
      } finally {
        idle = setTimeout(() => void stop(), IDLE_MS)
        idle.unref()
      }
    },
    async close() {
      clearTimeout(idle)
      await stop()
    },
  }
}
