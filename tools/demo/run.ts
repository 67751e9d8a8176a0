import { setTimeout as sleep } from 'node:timers/promises'
import { broadcastClip } from './broadcast.ts'
import { type DemoDoors, isEmptyStore, isHalfLoaded, loadDemoWorld, openLiveRoom, pinFirst } from './load.ts'
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

/** Sends the clip until the signal aborts; `onAir` is called once the room can be watched, or will not be. */
async function goOnAir(doors: DemoDoors & { rtmpPort: number; signal: AbortSignal }, onAir: () => void): Promise<void> {
  const { baseUrl, rtmpPort: port, signal } = doors
  try {
    const { roomId, streamKey } = await openLiveRoom(doors)
    void broadcastClip({ port, streamKey, signal })
    if (await waitUntilLive(baseUrl, roomId, signal)) await pinFirst(doors, roomId)
    else if (!signal.aborted) doors.say('演示直播没有开起来 / the demo stream did not come on air')
  } catch (error) {
    if (!signal.aborted) doors.say(`演示直播出错 / the demo stream failed: ${String(error)}`)
  } finally {
    onAir()
  }
}

/**
 * Brings the demo to life on a running system: loads the world when the store is empty, puts the room of the peas on air
 * and keeps it there until the signal aborts. The first time it returns when the room can be watched, so that what a
 * newcomer opens is a moving stream; later starts are not held up by that second.
 */
export async function startDemo(doors: DemoDoors & { rtmpPort: number; signal: AbortSignal }): Promise<void> {
  const empty = await isEmptyStore(doors.baseUrl)
  if (empty) await loadDemoWorld(doors)
  else if (await isHalfLoaded(doors.baseUrl)) {
    doors.say(
      '演示数据上次没有装完：要完整的演示，请停止后清空数据目录再启动 / the demo world was cut off while it was loaded: for all of it, stop, empty the data folder and start again',
    )
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  void goOnAir(doors, resolve)
  if (empty) await promise
}
