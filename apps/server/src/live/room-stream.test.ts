import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applyRoomMessage, ROOM_CLOSE, type RoomServerMessage, type RoomView } from '@chunbo/contract'
import { createLiveWorld, JINGDONG, type LiveWorld } from './testing/live-world.ts'
import { RoomViewer } from './testing/room-viewer.ts'

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

interface Happening {
  readonly name: string
  readonly id: string | null
  readonly data: string
}

/** A reader of the event stream as a browser is one: it keeps a view, and says things by POST. */
class StreamReader {
  readonly messages: RoomServerMessage[] = []
  readonly ids: string[] = []
  view: RoomView | null = null
  seat = ''
  bye: { code: number; reason: string } | null = null
  over = false
  readonly #gone = new AbortController()
  #wake: () => void = () => undefined

  readonly roomId: number
  readonly options: { cookie?: string; last?: string }

  constructor(roomId: number, options: { cookie?: string; last?: string; view?: RoomView | null } = {}) {
    this.roomId = roomId
    this.options = options
    this.view = options.view ?? null
  }

  async open(): Promise<this> {
    const { cookie, last } = this.options
    const answer = await fetch(`${world.httpUrl}/api/rooms/${this.roomId}/stream`, {
      signal: this.#gone.signal,
      headers: { ...(cookie ? { cookie } : {}), ...(last ? { 'last-event-id': last } : {}) },
    })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/)
    assert.ok(answer.body)
    void this.#read(answer.body.pipeThrough(new TextDecoderStream())).catch(() => undefined)
    return this.when(() => this.messages.length > 0)
  }

  async #read(chunks: ReadableStream<string>): Promise<void> {
    let text = ''
    try {
      for await (const chunk of chunks) {
        text += chunk
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) this.#take(happeningOf(block))
        this.#wake()
      }
    } finally {
      this.over = true
      this.#wake()
    }
  }

  #take({ name, id, data }: Happening): void {
    if (name === 'seat') this.seat = data
    else if (name === 'bye') this.bye = JSON.parse(data)
    else if (data !== '') {
      const message = JSON.parse(data) as RoomServerMessage
      this.messages.push(message)
      if (id !== null) this.ids.push(id)
      const { view, gap } = applyRoomMessage(this.view, message)
      assert.equal(gap, false)
      this.view = view
    }
  }

  async when(until: (reader: this) => boolean): Promise<this> {
    while (!until(this)) {
      assert.ok(!this.over || until(this), 'the stream ended')
      await new Promise<void>((done) => {
        this.#wake = done
      })
    }
    return this
  }

  async say(message: object): Promise<number> {
    const url = `${world.httpUrl}/api/rooms/${this.roomId}/stream/${this.seat}`
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
    return answer.status
  }

  leave(): void {
    this.#gone.abort()
  }
}

function happeningOf(block: string): Happening {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  return { name: field('event') ?? 'message', id: field('id') ?? null, data: field('data') ?? '' }
}

const heard = (text: string) => (reader: StreamReader) => reader.view?.chat.some((line) => line.text === text) === true

test('a stream tells and says what a socket does, and its reader is a viewer like any other', async () => {
  const { id } = await world.room()
  const buyer = await world.person('小红')
  const socket = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const reader = await new StreamReader(id, { cookie: world.cookieOf(buyer) }).open()
  assert.equal(reader.messages[0]?.t, 'snapshot')
  await socket.whenView(({ viewers }) => viewers === 2)
  assert.equal(await reader.say({ t: 'chat', id: 'a1', text: '断网也能说话' }), 204)
  await reader.when(({ messages }) => messages.some((each) => each.t === 'accepted' && each.id === 'a1'))
  await socket.whenView(({ chat }) => chat.some(({ name, text }) => name === '小红' && text === '断网也能说话'))
  await reader.when(heard('断网也能说话'))
  assert.equal(await reader.say({ t: 'like', n: 3 }), 204)
  await socket.whenView(({ likes }) => likes === 3)
  assert.equal(await reader.say({ t: 'ping' }), 204)
  await reader.when(({ messages }) => messages.some((each) => each.t === 'pong'))
  reader.leave()
  await socket.whenView(({ viewers }) => viewers === 1)
  assert.equal(await reader.say({ t: 'ping' }), 410, 'the seat went with the stream')
  socket.ws.close()
})

test('whoever comes back with the last id gets what was missed', async () => {
  const { id } = await world.room()
  const host = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`, {
    cookie: world.cookieOf(world.hostId),
  }).whenView(() => true)
  const first = await new StreamReader(id).open()
  const last = first.ids.at(-1)
  assert.ok(last && first.view)
  assert.equal(last, `${first.view.epoch}:${first.view.offset}`)
  first.leave()
  host.say('你不在时说的')
  await host.whenView(({ chat }) => chat.length === 1)
  const back = await new StreamReader(id, { last, view: first.view }).open()
  assert.equal(back.messages[0]?.t, 'resumed')
  assert.ok(heard('你不在时说的')(back))
  back.leave()
  const lost = await new StreamReader(id, { last: 'another-epoch:3' }).open()
  assert.equal(lost.messages[0]?.t, 'snapshot')
  lost.leave()
  host.ws.close()
})

test('a flood, what is no message and a strange seat are met as on a socket', async () => {
  const { id } = await world.room()
  const reader = await new StreamReader(id).open()
  assert.equal(await reader.say({ t: 'pin', shopId: 1, skuId: 1 }), 400)
  assert.equal(await reader.say({ t: 'chat', id: 'x', text: 'x'.repeat(3_000) }), 413)
  const guess = await fetch(`${world.httpUrl}/api/rooms/${id}/stream/AAAAAAAAAAAAAAAAAAAAAA`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"t":"ping"}',
  })
  assert.equal(guess.status, 410)
  const other = await world.room()
  const elsewhere = await fetch(`${world.httpUrl}/api/rooms/${other.id}/stream/${reader.seat}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"t":"ping"}',
  })
  assert.equal(elsewhere.status, 410, 'a seat counts in its own room only')
  for (let count = 0; count < 60 && reader.bye === null; count += 1) await reader.say({ t: 'ping' })
  await reader.when(({ bye }) => bye !== null)
  assert.equal(reader.bye?.code, ROOM_CLOSE.tooMany)
  assert.match(reader.bye?.reason ?? '', /retry-after=10$/)
})

test('no room, no stream; a question for the head alone opens none', async () => {
  const none = await fetch(`${world.httpUrl}/api/rooms/999999/stream`)
  assert.equal(none.status, 404)
  const { id } = await world.room()
  const head = await fetch(`${world.httpUrl}/api/rooms/${id}/stream`, { method: 'HEAD' })
  assert.equal(head.status, 405)
  const foreign = await fetch(`${world.httpUrl}/api/rooms/${id}/stream/x`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    body: '{"t":"ping"}',
  })
  assert.equal(foreign.status, 403)
})

test('who loses the role loses the place in the team at once, and who gains it has it without coming back', async () => {
  const { id } = await world.room()
  const { live, identity } = world.app.slices
  const helper = await world.person('小助手')
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`, {
    cookie: world.cookieOf(helper),
  }).whenView(() => true)
  live.tell(id, (room) => room.tellDesk('run', { now: 3 }))
  assert.equal(
    viewer.messages.some(({ t }) => t === 'desk'),
    false,
  )
  await identity.grant({ userId: helper, role: 'host', countyCode: JINGDONG })
  await live.rejudge(helper)
  await viewer.when(({ messages }) => messages.some((each) => each.t === 'desk' && each.section === 'run'))
  viewer.say('我来帮忙')
  await viewer.whenView(({ chat }) => chat.some(({ from }) => from === 'host'))
  viewer.ws.close()
})

test('a restart tells streams as it tells sockets', async () => {
  const { id } = await world.room()
  const reader = await new StreamReader(id).open()
  await world.restart()
  await reader.when(({ bye }) => bye !== null)
  assert.equal(reader.bye?.code, ROOM_CLOSE.standardRestart)
})
