import { randomUUID } from 'node:crypto'
import type { RoomStreamEvent } from '@chunbo/contract'
import {
  type Appended,
  aspectOf,
  type BusListener,
  type RoomBus,
  type RoomWord,
  type SharedEntry,
} from '@chunbo/live-room'
import { Redis } from 'ioredis'

/**
 * The order of rooms by Redis: one stream for each room, whose entry ids are the offsets, so that every node numbers alike. The scripts make
 * a number, its entry and the checks before it one step. Words of which only the newest counts go by publish and are not kept.
 */

/** Events that a stream keeps, about; as many as a room keeps itself. */
const KEPT_MAX = 1_000
/** A room that nobody spoke in for so long begins a new epoch. */
const KEPT_S = 2 * 86_400
const WORDS = 'chunbo:room:words'
/** An order that takes longer is no order for a live room. */
const COMMAND_MS = 1_500
const PROBE_MS = 500
/** How long one read of the streams waits; a room that is opened meanwhile waits as long for its first entry. */
const READ_MS = 100

/** KEYS meta, stream; ARGV new epoch, seconds. Gives epoch, offset and the kept entries. */
const ATTACH = `
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'offset')
return {meta[1], tonumber(meta[2] or '0'), redis.call('XRANGE', KEYS[2], '-', '+')}`
/** KEYS meta, stream, once; ARGV epoch, entry, seconds, kept, aspect, version, value, seconds of once. Gives what became of it. */
const APPEND = `
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'gone'} end
if ARGV[8] ~= '0' then
  local known = redis.call('GET', KEYS[3])
  if known then return {'known', known} end
end
if ARGV[6] ~= '' then
  local version = redis.call('HGET', KEYS[1], ARGV[5])
  if version and tonumber(version) > tonumber(ARGV[6]) then return {'stale'} end
  redis.call('HSET', KEYS[1], ARGV[5], ARGV[6])
end
if ARGV[8] ~= '0' then redis.call('SET', KEYS[3], ARGV[7], 'EX', ARGV[8]) end
local offset = redis.call('HINCRBY', KEYS[1], 'offset', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], offset .. '-0', 'epoch', ARGV[1], 'entry', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return {'added'}`

type Stored = [id: string, fields: string[]]

// The braces keep the keys of a room on one node of a cluster, where one script may touch them.
const metaKey = (roomId: number) => `chunbo:room:{${roomId}}:meta`
const streamKey = (roomId: number) => `chunbo:room:{${roomId}}:stream`
const onceKey = (roomId: number, key: string) => `chunbo:room:{${roomId}}:once:${key}`

export function createRedisRoomBus(url: string, warn: (error: unknown) => void): RoomBus {
  const node = randomUUID()
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => PROBE_MS }
  const commands = new Redis(url, { ...options, commandTimeout: COMMAND_MS })
  const reader = new Redis(url, { ...options, commandTimeout: COMMAND_MS })
  const ears = new Redis(url, { ...options, autoResubscribe: true, enableOfflineQueue: true })
  const following = new Map<number, number>()
  let listener: BusListener | null = null
  let isUp = false
  let closed = false

  function fell(error: unknown): void {
    if (!isUp) return
    isUp = false
    following.clear()
    warn(error)
    listener?.away()
  }
  /** Looks whether it answers: a server that hangs keeps its connections open. */
  async function probe(): Promise<void> {
    try {
      await commands.ping()
    } catch (error) {
      return fell(error)
    }
    if (isUp || closed) return
    isUp = true
    listener?.back()
  }
  function tellEntry(roomId: number, [id, fields]: Stored): void {
    const offset = Number.parseInt(id, 10)
    following.set(roomId, offset)
    const [, epoch = '', , entry = '{}'] = fields
    listener?.entry(roomId, epoch, offset, JSON.parse(entry) as SharedEntry)
  }
  async function readOnce(): Promise<void> {
    const rooms = [...following]
    if (rooms.length === 0 || !isUp) return pause()
    const keys = rooms.map(([roomId]) => streamKey(roomId))
    const found = await reader.xread(
      'COUNT',
      500,
      'BLOCK',
      READ_MS,
      'STREAMS',
      ...keys,
      ...rooms.map(([, at]) => `${at}-0`),
    )
    for (const [key, entries] of (found ?? []) as [string, Stored[]][]) {
      const room = rooms.find(([roomId]) => streamKey(roomId) === key)
      // The room may have been left, or begun anew from another place, while this was read.
      if (room === undefined || following.get(room[0]) !== room[1]) continue
      for (const stored of entries) tellEntry(room[0], stored)
    }
  }
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, READ_MS))
  async function readOn(): Promise<void> {
    while (!closed) {
      try {
        await readOnce()
      } catch (error) {
        if (!closed) fell(error)
        await pause()
      }
    }
  }

  for (const connection of [commands, reader, ears]) connection.on('error', () => undefined)
  commands.on('close', () => fell(new Error('Redis is away')))
  ears.on('message', (_channel, text) => {
    const told = JSON.parse(text) as { node: string; word: RoomWord }
    if (told.node !== node) listener?.word(told.node, told.word)
  })
  ears.subscribe(WORDS).catch(() => undefined)
  const probes = setInterval(() => void probe(), PROBE_MS)
  let reading: Promise<void> = Promise.resolve()

  return {
    get isUp() {
      return isUp
    },
    start(hears) {
      listener = hears
      commands.once('ready', () => void probe())
      reading = readOn()
    },
    async attach(roomId) {
      const answer = await commands.eval(
        ATTACH,
        2,
        metaKey(roomId),
        streamKey(roomId),
        randomUUID().slice(0, 23),
        KEPT_S,
      )
      const [epoch, offset, stored] = answer as [string, number, Stored[]]
      const own = stored.filter(([, fields]) => fields[1] === epoch)
      const kept = own.map(([, fields]) => (JSON.parse(fields[3] ?? '{}') as { event: RoomStreamEvent }).event)
      return { epoch, offset, kept }
    },
    follow: (roomId, offset) => void following.set(roomId, offset),
    leave: (roomId) => void following.delete(roomId),
    async append(roomId, epoch, entry): Promise<Appended> {
      const { once, version, event } = entry
      const keys = [metaKey(roomId), streamKey(roomId), onceKey(roomId, once?.key ?? '')]
      const state = version === undefined ? ['', ''] : [`v:${aspectOf(event) ?? ''}`, String(version)]
      const said = [once?.value ?? '', once?.forS ?? 0]
      try {
        const answer = await commands.eval(
          APPEND,
          3,
          ...keys,
          epoch,
          JSON.stringify(entry),
          KEPT_S,
          KEPT_MAX,
          ...state,
          ...said,
        )
        const [done, value = ''] = answer as ['added' | 'known' | 'stale' | 'gone', string?]
        return done === 'known' ? { done, value } : { done }
      } catch (error) {
        fell(error)
        throw error
      }
    },
    tell(word) {
      if (isUp) commands.publish(WORDS, JSON.stringify({ node, word })).catch(() => undefined)
    },
    async close() {
      closed = true
      clearInterval(probes)
      for (const connection of [commands, reader, ears]) connection.disconnect()
      await reading
    },
  }
}
