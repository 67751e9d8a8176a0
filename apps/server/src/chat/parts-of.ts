import type { RoomParts } from '../live/index.ts'
import { readRules } from './chat-rules.ts'
import type { ChatContext } from './context.ts'
import { readAnswers } from './read-questions.ts'

/**
 * What the chat brings to a room that comes into memory: its mode, what is pinned, the last answers. Who is silenced and what is asked is
 * read at the same time, so that the first line is judged by it.
 */
export async function readParts(
  context: ChatContext,
  roomId: number,
): Promise<Pick<Required<RoomParts>, 'chatMode' | 'chatPin' | 'answers'>> {
  const { db } = context.platform
  const countyCode = await context.live.countyOf(roomId)
  await Promise.all([context.rooms.load(roomId, countyCode), context.questions.load(roomId)])
  const [{ mode, pin }, answers] = await Promise.all([readRules(db, roomId), readAnswers(db, roomId)])
  context.desk.changed(roomId, 'moderation')
  context.desk.changed(roomId, 'questions')
  return { chatMode: mode, chatPin: pin, answers }
}
