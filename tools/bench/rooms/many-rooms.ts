import { type Figure, figure } from '../figures.ts'
import { crowdOf, openPair, type Pair, percent, type RoomStage, talkFor } from './stage.ts'

const PORT = 4556
const SECONDS = 5
const ROOMS = 100

async function sharesOf(stage: RoomStage, pair: Pair, name: string, path: string, rooms: number): Promise<number[]> {
  await pair.load.ask('enter', { name, plan: crowdOf(stage.viewers, PORT, { path, rooms }) })
  const shares: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    const { seen, coreShare, ticks } = await talkFor(pair, name, SECONDS)
    if (seen.frames !== ticks * stage.viewers) stage.say(`${seen.frames} of ${ticks * stage.viewers} deliveries`)
    shares.push(coreShare)
  }
  await pair.load.ask('leave', { name })
  stage.say(`${rooms} rooms: ${shares.map(percent).join(', ')} of a core`)
  return shares
}

/** Processor time of the same viewers in 100 rooms, each with its own talk, to that of one room. */
export async function manyRoomsFigures(stage: RoomStage): Promise<Figure[]> {
  const pair = await openPair(stage, PORT)
  const one = await sharesOf(stage, pair, 'one', `/api/rooms/${ROOMS + 1}/socket`, 1)
  const many = await sharesOf(stage, pair, 'many', '/api/rooms/{room}/socket', ROOMS)
  stage.say('  limited by: writing to the viewers, as in one room; encoding a tick for each room is the difference')
  await Promise.all([pair.server.close(), pair.load.close()])
  return [
    figure(
      'rooms_100_ratio',
      'ratio',
      many.map((share, round) => share / (one[round] ?? Number.NaN)),
    ),
  ]
}
