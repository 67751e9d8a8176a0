import type { Figure } from './figures.ts'
import { openStage } from './rooms/stage.ts'
import { houseGlassFigures } from './video/glass-house.ts'
import { peerGlassFigures } from './video/glass-peers.ts'
import { ingestFigures } from './video/ingests.ts'
import { memoryFigures } from './video/memory.ts'
import { viewerFigures } from './video/viewers.ts'

const PARTS = ['glass', 'peers', 'first', 'ingest', 'viewers', 'memory'] as const

/** Options: glass, peers, first, ingest, viewers, memory to run only these parts; rounds=N for another number of runs. */
export async function run(options: string[]): Promise<Figure[]> {
  const rounds = Number(options.find((option) => option.startsWith('rounds='))?.slice(7) ?? 3)
  const parts = PARTS.filter((part) => options.includes(part))
  const wanted = (part: (typeof PARTS)[number]) => parts.length === 0 || parts.includes(part)
  if (process.platform !== 'linux') throw new Error('video needs Linux: the whole loopback network, taskset and /proc')
  const { stage, close } = openStage(0, rounds)
  function interrupted(): void {
    // What was being measured fails when its server goes; only the cleaning up matters now.
    process.on('uncaughtException', () => {}).on('unhandledRejection', () => {})
    void close().finally(() => process.exit(130))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    return [
      ...(wanted('glass') || wanted('first') ? await houseGlassFigures(stage, wanted) : []),
      ...(wanted('peers') ? await peerGlassFigures(stage) : []),
      ...(wanted('ingest') ? await ingestFigures(stage) : []),
      ...(wanted('viewers') ? await viewerFigures(stage) : []),
      ...(wanted('memory') ? await memoryFigures(stage) : []),
    ]
  } finally {
    await close()
  }
}
