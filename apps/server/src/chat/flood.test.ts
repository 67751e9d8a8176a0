import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ROOM_CLOSE } from '@chunbo/contract'
import { WebSocket } from 'ws'
import { createLiveWorld, type LiveWorld } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'

/** Floods over real sockets: what one account or address sends too much of costs the others nothing. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

const BURST = 2_000

/** Opens a socket, pours lines into it as fast as it takes them, and gives the code with which it ended. */
function pour(url: string, cookie: string, textOf: (line: number) => string): Promise<number> {
  return new Promise((done) => {
    const ws = new WebSocket(url, { headers: { cookie } })
    ws.on('open', () => {
      ws.send('{"t":"hello"}')
      for (let line = 0; line < BURST; line += 1) {
        if (ws.readyState !== WebSocket.OPEN) break
        ws.send(JSON.stringify({ t: 'chat', id: crypto.randomUUID(), text: textOf(line) }))
      }
    })
    ws.on('error', () => undefined)
    ws.on('unexpected-response', (request, response) => {
      request.destroy()
      done(response.statusCode ?? 0)
    })
    ws.on('close', (code) => done(code))
  })
}

for (const [name, textOf] of [
  ['of lines', (line: number) => `豌豆 ${line} 号`],
  ['of spam', (line: number) => `加我微信 nongmin${line}`],
  ['of one line', () => '666'],
] as const) {
  test(`a flood ${name} from one account ends its sockets and leaves the room to the others`, async () => {
    const { id } = await world.room()
    const url = `${world.wsUrl}/api/rooms/${id}/socket`
    const flooder = world.cookieOf(await world.person('刷屏的'))
    const listener = await new RoomViewer(url).whenView(() => true)
    const talkers = await Promise.all(
      ['小红', '小明', '小李'].map(async (who) => {
        const cookie = world.cookieOf(await world.person(who))
        return new RoomViewer(url, { cookie }).whenView(() => true)
      }),
    )
    const startedMs = performance.now()
    const floods = (async () => {
      const codes: number[] = []
      // Two at a time, again and again: 40,000 lines.
      for (let round = 0; round < 10; round += 1)
        codes.push(...(await Promise.all([pour(url, flooder, textOf), pour(url, flooder, textOf)])))
      return codes
    })()
    const said: string[] = []
    for (const [index, talker] of talkers.entries()) {
      for (let line = 0; line < 4; line += 1) {
        const text = `${index} 问 ${line}`
        talker.say(text)
        said.push(text)
      }
      await talker.when(({ messages }) => messages.filter(({ t }) => t === 'accepted').length === 4)
    }
    const codes = await floods
    const heard = () =>
      listener.messages.flatMap((message) =>
        message.t === 'tick' ? message.events.flatMap((event) => (event.t === 'chat' ? event.line : [])) : [],
      )
    await listener.when(() => said.every((text) => heard().some((line) => line.text === text)))
    // 429 when the address comes back too often.
    assert.deepEqual(
      [...new Set(codes)].filter((code) => code !== ROOM_CLOSE.tooMany && code !== 429),
      [],
    )
    const flooded = heard().filter((line) => line.name === '刷屏的').length
    assert.ok(flooded <= 5 + (0.5 * (performance.now() - startedMs)) / 1000, `${flooded} lines of the flood were said`)
    assert.equal(talkers.filter(({ closedWith }) => closedWith !== null).length, 0)
    for (const viewer of [listener, ...talkers]) viewer.ws.terminate()
  })
}
