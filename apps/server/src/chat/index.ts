import type { ChatLine, ChatMode, EveningQuestions } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { ChatVerdict, Live, RoomParts } from '../live/index.ts'
import { Refusal } from '../platform/problem.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { ToldVersions } from './chat-rules.ts'
import { createChatTerms } from './chat-terms.ts'
import { createComplaints } from './complaints.ts'
import type { ChatAction, ChatContext } from './context.ts'
import { createDeskTeller } from './desk-teller.ts'
import { readTerms } from './edit-terms.ts'
import './errors.ts'
import { judgeLine, sameText } from './judge-line.ts'
import { muteBySystem } from './mute-viewer.ts'
import { readParts } from './parts-of.ts'
import { createQuestionBooks } from './question-books.ts'
import { readModeration } from './read-moderation.ts'
import { countQuestions, readQuestions } from './read-questions.ts'
import { createRoomBooks } from './room-books.ts'
import { chatRoutes } from './routes.ts'
import { chatUndoers } from './undoers.ts'

export type { ChatAction } from './context.ts'
export { checkHostWords } from './host-words.ts'

/** The slice, and what the composition connects it to. */
export interface Chat extends Slice {
  /** What the rules of a room say to a line; null lets it through. Never throws and never waits. */
  judgeChat(
    roomId: number,
    user: { readonly id: number; readonly name: string; readonly isHost: boolean },
    text: string,
    mode: ChatMode,
  ): ChatVerdict | null
  /** A line was said. Never throws and never waits. */
  chatSaid(roomId: number, line: ChatLine, userId: number): void
  /** What the chat brings to a room that comes into memory. */
  partsOf(roomId: number): Promise<Pick<Required<RoomParts>, 'chatMode' | 'chatPin' | 'answers'>>
  /** Questions of a room in memory that wait for an answer. */
  questionsWaiting(roomId: number): number
  /** People of a room who complained of goods in the last ten minutes, each once. */
  complaintsOf(roomId: number): number
  /** The questions of a show, counted, for the report of the evening. */
  questionsOf(roomId: number): Promise<EveningQuestions>
  /** Gathers and writes down the questions that wait. */
  flushQuestions(): Promise<void>
  /** How actions that were told are taken back, by kind. */
  readonly undoers: ReturnType<typeof chatUndoers>
}

export interface ChatOptions {
  readonly identity: Identity
  readonly live: Pick<Live, 'tell' | 'inMemory' | 'team' | 'countyOf' | 'flushChat' | 'mayEnter'>
  /** Whether a user follows a county, as far as it is known. Must not wait. */
  isFollowing(userId: number, countyCode: number): boolean
  /** Whether an account is a minor's who may not talk. Must not wait. */
  isSilentMinor(userId: number, countyCode: number): boolean
  /** Something was done at a desk. */
  acted(action: ChatAction): void
}

export async function createChat(platform: Platform, options: ChatOptions): Promise<Chat> {
  const { db, log, clock } = platform
  const { live, identity } = options
  const isInMemory = (roomId: number) => live.inMemory(roomId) !== undefined
  const complaints = createComplaints()
  const wallMs = () => clock.now().getTime()
  const desk = createDeskTeller(live, log, {
    moderation: (roomId) => readModeration(context, roomId),
    questions: (roomId) => readQuestions(db, roomId),
  })
  const context: ChatContext = {
    platform,
    identity,
    live,
    desk,
    rooms: createRoomBooks(db, isInMemory, { wallMs, steadyMs: () => performance.now() }),
    questions: createQuestionBooks(db, log, {
      nowMs: wallMs,
      isInMemory,
      changed: (roomId) => desk.changed(roomId, 'questions'),
    }),
    told: new ToldVersions(),
    terms: { current: createChatTerms((await readTerms({ platform })).packs) },
    acted: options.acted,
    async requireEntry(roomId, userId) {
      if (!(await live.mayEnter(roomId, userId))) throw new Refusal('live.room_not_found')
    },
  }
  const judgeChat: Chat['judgeChat'] = (roomId, user, text, mode) => {
    const book = context.rooms.find(roomId)
    // A room without its book is being thrown away; nothing is said there any more.
    if (book === undefined) return { code: 'room.chat_busy', retryAfterMs: 1000 }
    const steadyMs = performance.now()
    const { isFollowing, isSilentMinor } = options
    const drops = live.inMemory(roomId)?.view.drops ?? []
    const phrases = drops.flatMap((drop) => (drop.kind === 'bag' && drop.open ? drop.phrase : []))
    const world = { terms: context.terms.current, isFollowing, isSilentMinor, phrases, wallMs: wallMs(), steadyMs }
    const verdict = judgeLine(world, book, user, text, mode)
    const isSpam = !user.isHost && (verdict?.code === 'room.chat_contact' || verdict?.code === 'room.chat_terms')
    if (isSpam && book.strike(user.id, steadyMs)) {
      muteBySystem(context, roomId, { userId: user.id, name: user.name, text }).catch((error: unknown) => {
        if (!(error instanceof Refusal)) log.warn({ err: error, roomId }, 'a mute could not be written down')
      })
    }
    return verdict
  }
  return {
    name: 'chat',
    routes: chatRoutes(context),
    judgeChat,
    chatSaid(roomId, line, userId) {
      if (line.from === 'viewer') {
        context.rooms.find(roomId)?.said(userId, sameText(line.text), performance.now())
        complaints.heard(roomId, userId, line.text, line.atMs)
      }
      context.questions.said(roomId, line, userId, live.inMemory(roomId)?.view)
    },
    partsOf: (roomId) => readParts(context, roomId),
    questionsWaiting: (roomId) => context.questions.find(roomId)?.open().length ?? 0,
    complaintsOf: (roomId) => complaints.count(roomId, wallMs()),
    questionsOf: (roomId) => countQuestions(db, roomId),
    flushQuestions: () => context.questions.flush(),
    undoers: chatUndoers(context),
    async start() {
      context.questions.start()
    },
    async close() {
      desk.close()
      await context.questions.close()
    },
  }
}
