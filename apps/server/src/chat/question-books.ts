import { randomUUID } from 'node:crypto'
import type { ChatLine, RoomView } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { ForgottenAskers } from './forget-askers.ts'
import { loadQuestions, readShelfNames } from './load-questions.ts'
import type { QuestionGroups } from './question-groups.ts'
import { type ShelfName, topicOf } from './question-topic.ts'
import { type QuestionWrites, writeQuestions } from './question-writes.ts'
import { type Asked, recogniseQuestion } from './recognise-question.ts'

const FLUSH_MS = 500
/** Questions that wait to be gathered while the database is away; beyond it the oldest are given up, and that is logged. */
const WAITING_MAX = 20_000
const ROOMS_MAX = 2_000
const NAMES_MAX = 20_000

interface Waiting {
  readonly roomId: number
  readonly line: ChatLine
  readonly userId: number
  readonly asked: Asked
  /** What was explained, and what was on the shelf, when it was said. */
  readonly pin: RoomView['pin']
  readonly shelf: RoomView['shelf']
}

/**
 * The questions of the rooms in memory. A line is recognised when it is said, which takes no time; twice a second those that wait are
 * gathered and written down, and the desks are told. A killed process loses that half second, as with the chat.
 */
export interface QuestionBooks {
  /** Reads a room's questions when it comes into memory. */
  load(roomId: number): Promise<void>
  /** A line was said. Never throws and never waits. */
  said(roomId: number, line: ChatLine, userId: number, view: RoomView | undefined): void
  /** Gathers and writes down what waits. Rejects when the database is away; what waits then stays. */
  flush(): Promise<void>
  /** Does something to questions while nothing is gathered, after all that waited has been. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Reads a room's questions again, if they are in memory; inside of `alone`. */
  reload(roomId: number): Promise<void>
  /** The questions of a room, if they are in memory. */
  find(roomId: number): QuestionGroups | undefined
  /** Lines were taken down. */
  forget(roomId: number, forgotten: ForgottenAskers): void
  start(): void
  close(): Promise<void>
}

export function createQuestionBooks(
  db: Database,
  log: Log,
  world: { nowMs(): number; isInMemory(roomId: number): boolean; changed(roomId: number): void },
): QuestionBooks {
  const rooms = new Map<number, QuestionGroups>()
  const names = new Map<string, ShelfName>()
  const writes = new Map<number, QuestionWrites>()
  let waiting: Waiting[] = []
  let turn: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  /** One at a time, in the order of asking. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  function forgetSome(): void {
    for (const roomId of rooms.keys()) if (!world.isInMemory(roomId) && !writes.has(roomId)) rooms.delete(roomId)
  }
  async function groupsOf(roomId: number): Promise<QuestionGroups> {
    const known = rooms.get(roomId)
    if (known !== undefined) return known
    if (rooms.size >= ROOMS_MAX) forgetSome()
    const groups = await loadQuestions(db, roomId, world.nowMs())
    rooms.set(roomId, groups)
    return groups
  }
  async function learnNames(batch: readonly Waiting[]): Promise<void> {
    const entries = new Map(batch.flatMap(({ shelf }) => shelf.map((entry) => [nameKey(entry), entry] as const)))
    const unknown = [...entries.values()].filter((entry) => !names.has(nameKey(entry)))
    if (unknown.length === 0) return
    if (names.size >= NAMES_MAX) names.clear()
    const found = new Map(
      (
        await readShelfNames(
          db,
          unknown.map(({ skuId }) => skuId),
        )
      ).map((name) => [name.skuId, name]),
    )
    for (const entry of unknown) {
      const name = found.get(entry.skuId)
      if (name) names.set(nameKey(entry), name)
    }
  }
  function gather({ roomId, line, userId, asked, pin, shelf }: Waiting, groups: QuestionGroups): void {
    const shelfNames = shelf.flatMap((entry) => names.get(nameKey(entry)) ?? [])
    const topic = topicOf(line.text, asked.intent, shelfNames, pin)
    const question = { lineId: line.id, userId, name: line.name, text: line.text, atMs: line.atMs }
    const { group, isNew, dropped } = groups.take(question, asked, topic, randomUUID())
    const room: QuestionWrites = writes.get(roomId) ?? { roomId, groups: new Map(), askers: [], dropped: [] }
    writes.set(roomId, room)
    room.groups.set(group.key, group)
    if (isNew) room.askers.push({ key: group.key, line: question })
    if (dropped !== null) room.dropped.push(dropped)
  }
  async function gatherAll(): Promise<void> {
    const batch = waiting
    if (batch.length > 0) {
      await learnNames(batch)
      for (const roomId of new Set(batch.map((each) => each.roomId))) await groupsOf(roomId)
      waiting = waiting.slice(batch.length)
      for (const each of batch) gather(each, await groupsOf(each.roomId))
    }
    for (const [roomId, room] of writes) {
      const ids = await db.transaction((tx) => writeQuestions(tx, room))
      writes.delete(roomId)
      for (const [key, group] of room.groups) group.id = ids.get(key) ?? group.id
      world.changed(roomId)
    }
  }
  const flush = () => inTurn(gatherAll)
  return {
    load: (roomId) =>
      inTurn(async () => {
        await gatherAll()
        rooms.delete(roomId)
        await groupsOf(roomId)
      }),
    said(roomId, line, userId, view) {
      if (line.from === 'host') return
      const asked = recogniseQuestion(line.text)
      if (asked === null) return
      waiting.push({ roomId, line, userId, asked, pin: view?.pin ?? null, shelf: view?.shelf ?? [] })
      if (waiting.length <= WAITING_MAX) return
      const given = waiting.length - WAITING_MAX / 2
      waiting = waiting.slice(given)
      log.error({ lines: given }, 'questions were not gathered, because the database is away')
    },
    flush,
    alone: (work) =>
      inTurn(async () => {
        await gatherAll()
        return work()
      }),
    async reload(roomId) {
      if (rooms.delete(roomId)) await groupsOf(roomId)
    },
    find: (roomId) => rooms.get(roomId),
    forget(roomId, { askers, reworded }) {
      const groups = rooms.get(roomId)
      if (groups === undefined || askers.length === 0) return
      for (const { questionId, userId } of askers) groups.byId(questionId)?.askers.delete(userId)
      for (const { questionId, text } of reworded) {
        const group = groups.byId(questionId)
        if (group === undefined) continue
        if (text === null) groups.remove(group)
        else group.text = text
      }
      world.changed(roomId)
    },
    start() {
      timer = setInterval(() => {
        if (waiting.length > 0 || writes.size > 0)
          flush().catch((error: unknown) => log.warn({ err: error }, 'questions could not be written'))
      }, FLUSH_MS)
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

function nameKey(entry: { readonly skuId: number; readonly version: number }): string {
  return `${entry.skuId}:${entry.version}`
}
