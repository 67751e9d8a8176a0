import { setTimeout as sleep } from 'node:timers/promises'
import { broadcastClip } from './broadcast.ts'
import { type DemoDoors, isEmptyStore, loadDemoWorld, openLiveRoom, pinFirst } from './load.ts'
import { DEMO_PASSWORD, DEMO_PEOPLE } from './people.ts'
import { DemoSession } from './session.ts'

const LIVE_WAIT_MS_MAX = 15_000

async function waitUntilLive(baseUrl: string, roomId: number, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = performance.now() + LIVE_WAIT_MS_MAX
  while (performance.now() < deadlineMs && !signal.aborted) {
    const room = await new DemoSession(baseUrl).send<{ status: string }>('GET', `/api/rooms/${roomId}`)
    if (room.status === 'live') return true
    await sleep(200, undefined, { signal }).catch(() => {})
  }
  return false
}

/** One line for each role: what to type at the sign-in page. */
export function demoLogins(): string[] {
  const seen = new Set<string>()
  const people = DEMO_PEOPLE.filter(({ role }) => !seen.has(role) && seen.add(role))
  return [
    `演示登录（密码都是 / every password is ${DEMO_PASSWORD}）`,
    ...people.map((person) => `  ${person.role.padEnd(13)}${person.email.padEnd(28)}${person.nameZh}`),
  ]
}

/**
 * Brings the demo to life on a running system: loads the world when the store is empty, puts the room of the peas on air
 * and keeps it there until the signal aborts. Returns when viewers can watch.
 */
export async function startDemo(doors: DemoDoors & { rtmpPort: number; signal: AbortSignal }): Promise<void> {
  if (await isEmptyStore(doors.baseUrl)) await loadDemoWorld(doors)
  const { roomId, streamKey } = await openLiveRoom(doors)
  void broadcastClip({ port: doors.rtmpPort, streamKey, signal: doors.signal })
  if (await waitUntilLive(doors.baseUrl, roomId, doors.signal)) await pinFirst(doors, roomId)
  else if (!doors.signal.aborted) doors.say('演示直播没有开起来 / the demo stream did not come on air')
}
