import type { Figure } from './figures.ts'
import { bigRoomFigures } from './rooms/delivery.ts'
import { manyRoomsFigures } from './rooms/many-rooms.ts'
import { phoneFigures } from './rooms/phone.ts'
import { saleFigures } from './rooms/sale.ts'
import { saturationFigures } from './rooms/saturation.ts'
import { openStage } from './rooms/stage.ts'
import { stalledFigures } from './rooms/stalled.ts'
import { tickFigures } from './rooms/ticks.ts'

const PARTS = ['p99', 'chat', 'storm', 'ticks', 'stalled', 'rooms', 'saturation', 'sale', 'phone'] as const

/**
 * Options: p99, chat, storm, ticks, stalled, rooms, saturation, sale, phone to run only these parts; viewers=N for another size of the big
 * room and rounds=N for another number of runs.
 */
export async function run(options: string[]): Promise<Figure[]> {
  const numberOf = (name: string, fallback: number) =>
    Number(options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1) ?? fallback)
  const parts = PARTS.filter((part) => options.includes(part))
  const wanted = (part: string) => parts.length === 0 || parts.some((each) => each === part)
  if (process.platform !== 'linux') throw new Error('rooms needs Linux: the whole loopback network, taskset and /proc')
  const { stage, close } = openStage(numberOf('viewers', 10_000), numberOf('rounds', 3))
  function interrupted(): void {
    // What was being measured fails when its server goes; only the cleaning up matters now.
    process.on('uncaughtException', () => {}).on('unhandledRejection', () => {})
    void close().finally(() => process.exit(130))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    return [
      ...(['p99', 'chat', 'storm'].some(wanted) ? await bigRoomFigures(stage, wanted) : []),
      ...(wanted('ticks') ? await tickFigures(stage) : []),
      ...(wanted('stalled') ? await stalledFigures(stage) : []),
      ...(wanted('rooms') ? await manyRoomsFigures(stage) : []),
      ...(wanted('saturation') ? await saturationFigures(stage) : []),
      ...(wanted('sale') ? await saleFigures(stage) : []),
      ...(wanted('phone') ? await phoneFigures(stage) : []),
    ]
  } finally {
    await close()
  }
}
