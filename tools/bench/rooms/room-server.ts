/** The server under test, in a process of its own: the room package behind a bare HTTP server, told over IPC what to do. */
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ROOM_CLOSE } from '@chunbo/contract'
import { type LiveRoom, RoomHub, type RoomOpening, type Viewer } from '@chunbo/live-room'
import { upgrade } from '@chunbo/web-socket'
import { answerParent, nowUs } from './child-link.ts'
import { lineOf, POSITIONS, stamp } from './frames.ts'

/** A room on air with a shelf of ten. */
function openingOf(id: number): RoomOpening {
  const at = new Date(0).toISOString()
  return {
    room: {
      id,
      status: 'live',
      titleZh: '景东豌豆等你来',
      titleEn: 'Jingdong peas',
      hostName: '李文山',
      hostOffice: '副县长',
      hostOfficeEn: 'Deputy county head',
      scheduledAt: at,
      startedAt: at,
      endedAt: null,
    },
    shelf: POSITIONS.map((skuId) => ({ shopId: id, skuId, version: 1, priceFen: 2990, stock: 1_000_000 })),
    pin: { shopId: id, skuId: 1, pinnedAt: at },
    chat: [],
    extras: {
      chatPin: null,
      chatMode: { slowS: 0, followersOnly: false, closed: false },
      answers: [],
      drops: [],
      likes: 0,
    },
    version: 1,
  }
}

/** What is said before a tick in every room that has somebody in it, in lines and characters; 0 lines say nothing. */
let talk = { lines: 0, chars: 0 }
/** Ticks that told it, from when to when, and the longest gap between two. */
let told = { ticks: 0, firstUs: 0, lastUs: 0, gapMsMax: 0 }
let packsLeft = 1_000_000

/** Adds what happened in a room just before the tick tells it, stamped with the time, so that what is measured is the delivery. */
class TalkingHub extends RoomHub {
  override tick(): void {
    if (talk.lines > 0) {
      const us = nowUs()
      const { ticks, firstUs, lastUs, gapMsMax } = told
      const gapMs = ticks === 0 ? 0 : (us - lastUs) / 1000
      told = { ticks: ticks + 1, firstUs: firstUs || us, lastUs: us, gapMsMax: Math.max(gapMsMax, gapMs) }
      packsLeft -= 1
      for (const room of this.rooms) this.#talkIn(room)
    }
    super.tick()
  }

  #talkIn(room: LiveRoom): void {
    if (room.figures.sockets === 0) return
    for (let line = 0; line < talk.lines; line += 1)
      room.publish({ t: 'chat', line: lineOf(stamp(nowUs(), talk.chars)) })
    room.setStock([{ shopId: room.id, skuId: 1, stock: packsLeft }])
  }
}

const hub = new TalkingHub({
  load: async (roomId) => openingOf(roomId),
  judgeChat: () => null,
  chatSaid: () => undefined,
})
const http = createServer()

/** `?u=7` makes the viewer user 7; the handshake of a session is not what is measured. */
function viewerOf(url: URL): Viewer {
  const id = Number(url.searchParams.get('u'))
  return { user: id > 0 ? { id, name: `买家${id}`, isHost: false } : null }
}

/** As the server does it: a function that ends, so that nothing which stays with the socket holds on to the request and its headers. */
async function welcome(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const asked = hub.admit(request.socket.remoteAddress ?? '')
  if (!asked.admitted) {
    socket.end(`HTTP/1.1 ${asked.status} Later\r\nretry-after: ${asked.retryAfterS}\r\ncontent-length: 0\r\n\r\n`)
    return
  }
  const { place } = asked
  socket.once('close', () => place.release())
  const url = new URL(request.url ?? '/', 'http://localhost')
  const roomId = Number(url.pathname.split('/')[3])
  const room = await hub.open(roomId)
  if (room === null || socket.destroyed) {
    socket.destroy()
    return
  }
  const upgraded = upgrade(request, socket, head)
  if (upgraded !== null) hub.seat(roomId, upgraded, viewerOf(url), place)
}

http.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy())
  welcome(request, socket, head).catch(() => socket.destroy())
})
// Whatever is posted is said at once in room 1: how the benchmark drives all its peers.
http.on('request', (request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    hub.find(1)?.publish({ t: 'chat', line: lineOf(body) }, 'now')
    response.end()
  })
})

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Fills the space for young objects a few times, with what is dead at once. */
function churn(): void {
  let kept: { readonly last: object | null; readonly number: number }[] = []
  for (let number = 0; number < 16_000_000; number += 1) {
    kept.push({ last: kept.at(-1) ?? null, number })
    if (kept.length > 1_000) kept = []
  }
}

answerParent({
  async listen({ port }: { port: number }) {
    hub.start()
    await new Promise<void>((resolve) => http.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve))
  },
  talk(wanted: { lines: number; chars: number }) {
    if (wanted.lines > 0) told = { ticks: 0, firstUs: 0, lastUs: 0, gapMsMax: 0 }
    talk = wanted
  },
  /** Processor time so far, memory (after a collection when asked), and what has been told since the talk began. */
  usage({ exact = false }: { exact?: boolean }) {
    if (exact && hub.figures.sockets === 0) churn()
    if (exact) collect()
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    return { cpuUs: user + system, atUs: nowUs(), rss, heapUsed, told, ...hub.figures }
  },
  throwOut() {
    for (const room of hub.rooms) room.closeAll(ROOM_CLOSE.standardRestart, 'restart')
  },
})
