import { randomUUID } from 'node:crypto'
import type { ChatLine, RoomEvent, RoomServerMessage } from '@chunbo/contract'
import type { Page, WebSocketRoute } from 'playwright-core'
import { type Figure, figure } from '../figures.ts'
import { openCamera } from '../video/glass.ts'
import { openHouse } from '../video/house.ts'
import { nowUs } from './child-link.ts'
import { lineOf, stamp } from './frames.ts'
import { pause, percent, type RoomStage, TICKS_PER_S } from './stage.ts'

/** How much slower than this machine's core the phone is. */
const SLOWED = 4
const LINES_PER_S = 200
const LIKES_PER_TICK = 30
const CHARS = 24
const SECONDS = 8
const SETTLE_MS = 4_000
/** A frame that takes longer was seen to stick: two of a screen with 60 a second. */
const STUCK_MS = 34

interface Frames {
  readonly perS: number
  readonly stuckShare: number
  readonly longestMs: number
}

/** What the page draws, frame by frame, for so many seconds. */
const watchFrames = (seconds: number) => `new Promise((resolve) => {
  const tookMs = []
  let last = performance.now()
  const endMs = last + ${seconds * 1000}
  function drawn(nowMs) {
    tookMs.push(nowMs - last)
    last = nowMs
    if (nowMs < endMs) requestAnimationFrame(drawn)
    else resolve(tookMs.slice(1))
  }
  requestAnimationFrame((nowMs) => { last = nowMs; requestAnimationFrame(drawn) })
})`

async function framesOf(page: Page): Promise<Frames> {
  const tookMs = await page.evaluate<number[]>(watchFrames(SECONDS))
  const allMs = tookMs.reduce((sum, ms) => sum + ms, 0)
  return {
    perS: (tookMs.length / allMs) * 1000,
    stuckShare: tookMs.filter((ms) => ms > STUCK_MS).length / tookMs.length,
    longestMs: Math.max(...tookMs),
  }
}

/** Between page and server from the first snapshot on: the room's ticks are ours, as full of talk as is asked for. */
class BusyRoom {
  linesPerS = 0
  #socket: WebSocketRoute | null = null
  #offset = 0
  #likes = 0
  #timer: NodeJS.Timeout | undefined

  open(socket: WebSocketRoute): void {
    const server = socket.connectToServer()
    clearInterval(this.#timer)
    this.#socket = null
    socket.onMessage((message) => {
      // What is applied here the server never said.
      if (!String(message).startsWith('{"t":"ack"')) server.send(message)
    })
    server.onMessage((message) => {
      const told = JSON.parse(String(message)) as RoomServerMessage
      if (told.t === 'tick' || told.t === 'resumed') return
      socket.send(message)
      if (told.t !== 'snapshot') return
      this.#socket = socket
      this.#offset = told.offset
      this.#likes = told.likes
      clearInterval(this.#timer)
      this.#timer = setInterval(() => this.#tick(), 1000 / TICKS_PER_S)
    })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    if (this.linesPerS === 0) return
    const lines = Array.from(
      { length: this.linesPerS / TICKS_PER_S },
      (_, n): ChatLine => ({
        ...lineOf(stamp(nowUs(), CHARS).replace(/@\d+@/, '')),
        id: randomUUID(),
        name: `买家${n}`,
      }),
    )
    this.#likes += LIKES_PER_TICK
    const events: RoomEvent[] = [
      ...lines.map((line) => ({ t: 'chat' as const, line })),
      { t: 'likes', likes: this.#likes },
    ]
    const from = this.#offset
    this.#offset += lines.length
    this.#socket?.send(JSON.stringify({ t: 'tick', from, offset: this.#offset, events } satisfies RoomServerMessage))
  }
}

const told = ({ perS, stuckShare, longestMs }: Frames) =>
  `${perS.toFixed(1)} frames/s, ${percent(stuckShare)} of them over ${STUCK_MS} ms, longest ${longestMs.toFixed(0)} ms`

/**
 * The room's own page on a phone slowed four times, with its picture playing: frames a second while 200 lines of chat and 150 hearts come in
 * each second, and beside it while nobody talks.
 */
export async function phoneFigures(stage: RoomStage): Promise<Figure[]> {
  const house = await openHouse(stage)
  const camera = await openCamera(stage, house.ingestUrl)
  await pause(SETTLE_MS)
  const context = await house.visitor()
  const page = await context.newPage()
  const room = new BusyRoom()
  await page.routeWebSocket(/\/api\/rooms\/\d+\/socket/, (socket) => room.open(socket))
  await page.goto(`/rooms/${house.roomId}`)
  await page.waitForFunction(`document.querySelector('video')?.currentTime > 1`)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
  const [busy, quiet]: [number[], number[]] = [[], []]
  for (let round = 1; round <= stage.rounds; round += 1) {
    for (const [linesPerS, rates] of [
      [LINES_PER_S, busy],
      [0, quiet],
    ] as const) {
      room.linesPerS = linesPerS
      await pause(SETTLE_MS)
      const frames = await framesOf(page)
      stage.say(`round ${round}, ${linesPerS} lines/s on a phone slowed ${SLOWED} times: ${told(frames)}`)
      rates.push(frames.perS)
    }
  }
  room.close()
  await context.close()
  await camera.stop()
  await house.close()
  stage.say('  limited by: this machine draws and decodes without a screen card on the same two cores')
  return [figure('phone_frames_per_s', 'frames/s', busy), figure('phone_quiet_frames_per_s', 'frames/s', quiet)]
}
