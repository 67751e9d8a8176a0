import { readFileSync, writeFileSync } from 'node:fs'
import type { RoomStage } from './stage.ts'

/** Flows that are remembered: more than there are viewers in any part. A power of two, as the kernel asks. */
const FLOWS = '65536'
const SETTINGS: ReadonlyArray<readonly [path: string, value: string]> = [
  ['/proc/sys/net/core/rps_sock_flow_entries', FLOWS],
  ['/sys/class/net/lo/queues/rx-0/rps_flow_cnt', FLOWS],
  ['/sys/class/net/lo/queues/rx-0/rps_cpus', '3'],
]

/**
 * Lets the kernel take in what comes over the loopback on the core of the program that reads it (receive flow steering), as the
 * machines of viewers do in a network; without it the sender's call does its receivers' work too, on the sender's core. What comes
 * back to the server, acknowledgements included, stays on the server's core. The settings are as before when the stage closes.
 * @returns whether it is so; only root may set it
 * @see https://docs.kernel.org/networking/scaling.html
 */
export function steerReceiving(stage: RoomStage): boolean {
  try {
    for (const [path, value] of SETTINGS) {
      const before = readFileSync(path, 'latin1').trim()
      writeFileSync(path, value)
      stage.atEnd(async () => writeFileSync(path, before))
    }
    return true
  } catch {
    stage.say('receiving is not steered (only root may): the server does the viewers’ part of the network as well')
    return false
  }
}
