import { type Figure, figure } from '../figures.ts'
import { crowdOf, openPair, percent, type RoomStage, talkFor } from './stage.ts'

const PORT = 4551
const SECONDS = 6

/** A room of 19,000, about as many sockets as a process may have on many machines: whether a tick of five a second is missed. */
export async function tickFigures(stage: RoomStage): Promise<Figure[]> {
  const viewers = Math.round(stage.viewers * 1.9)
  const pair = await openPair(stage, PORT)
  const name = 'all'
  const { tookS } = await pair.load.ask<{ tookS: number }>('enter', {
    name,
    plan: crowdOf(viewers, PORT, { path: '/api/rooms/1/socket' }),
  })
  stage.say(`${viewers} viewers came in within ${tookS.toFixed(1)} s`)
  const kept: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    const { seen, coreShare, ticks, ticksDue, gapMsMax } = await talkFor(pair, name, SECONDS)
    kept.push(seen.frames / (ticksDue * viewers))
    stage.say(
      `round ${round}: ${ticks} of ${ticksDue} ticks, longest gap ${gapMsMax.toFixed(0)} ms, ${seen.frames} of ${ticksDue * viewers} deliveries, ` +
        `p99 ${seen.p99Ms.toFixed(0)} ms, ${percent(coreShare)} of a core, load ${percent(seen.loadShare)} of its core`,
    )
  }
  stage.say(
    '  limited by: the core; a tick is missed when writing one to everybody takes longer than the 200 ms to the next',
  )
  await Promise.all([pair.server.close(), pair.load.close()])
  return [figure('ticks_kept_19k', 'share', kept)]
}
