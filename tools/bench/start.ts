/**
 * How long `npm start` takes once it is installed and built: the first time, into an empty folder with the demo world, and then again with
 * what is there; and how long Ctrl-C takes.
 */
import { interrupt, makeHome, start, waitFor } from '../start-testing.ts'
import { type Figure, figure } from './figures.ts'

const secondStarts = 3
const ready = /^ready /m

export async function run(): Promise<Figure[]> {
  const firstS: number[] = []
  const secondS: number[] = []
  const stopS: number[] = []
  const home = await makeHome()
  try {
    for (let n = 0; n <= secondStarts; n++) {
      const began = performance.now()
      const started = start(home, { demo: true })
      await waitFor(started, ready)
      const tookS = (performance.now() - began) / 1000
      if (n === 0) firstS.push(tookS)
      else secondS.push(tookS)
      stopS.push((await interrupt(started)).tookMs / 1000)
    }
  } finally {
    await home.remove()
  }
  return [figure('first_start_s', 's', firstS), figure('second_start_s', 's', secondS), figure('stop_s', 's', stopS)]
}
