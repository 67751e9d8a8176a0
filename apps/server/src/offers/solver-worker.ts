/** The match runs here, in a thread of its own: a plan for a thousand cases may compute for seconds. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Instance, solve } from '@chunbo/matching'

const { instance, seconds } = workerData as { instance: Instance; seconds: number }
parentPort?.postMessage(await solve(instance, { seconds }))
