/** Cards are drawn here, in a thread of its own: the outlines of two hundred letters take a core a fifth of a second, and seconds the first time. */
import { parentPort } from 'node:worker_threads'
import { type CardDrawing, drawCard } from './share-card.ts'

parentPort?.on('message', (drawing: CardDrawing) => {
  drawCard(drawing).then(
    (svg) => parentPort?.postMessage({ svg }),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  )
})
