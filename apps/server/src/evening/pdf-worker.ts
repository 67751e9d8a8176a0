/** A PDF is made here, in a thread of its own: cutting the font keeps a core busy for a second or two. */
import { parentPort, workerData } from 'node:worker_threads'
import type { EveningReport } from '@chunbo/contract'
import { drawPdf } from './draw-pdf.ts'

const { report, lang } = workerData as { report: EveningReport; lang: 'zh' | 'en' }
parentPort?.postMessage(await drawPdf(report, lang))
