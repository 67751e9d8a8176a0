import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Figure, figure } from '../figures.ts'
import type { RoomStage } from '../rooms/stage.ts'

const SOAK = fileURLToPath(new URL('../../soak.ts', import.meta.url))
const GROWTH = /^growth over \S+ h: (-?[\d.]+) MB; over \d+ starts and stops: (-?[\d.]+) MB$/m

/** What a show of three hours and a thousand starts and stops leave in memory; the soak itself has many looks, so it runs once. */
export async function memoryFigures(stage: RoomStage): Promise<Figure[]> {
  const soak = spawn(process.execPath, [SOAK], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = stage.atEnd(async () => void soak.kill('SIGTERM'))
  let output = ''
  soak.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    stage.say(text.trimEnd())
  })
  await once(soak, 'close')
  await stop()
  const [, show, cycles] = GROWTH.exec(output) ?? []
  if (show === undefined || cycles === undefined) throw new Error('the soak did not tell of its growth')
  return [figure('mb_growth_3h', 'MB', [Number(show)]), figure('mb_growth_1000_cycles', 'MB', [Number(cycles)])]
}
