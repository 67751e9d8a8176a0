import type { ChatReason, Moderation, MuteInput, RoomQuestions } from '@chunbo/contract/chat'
import type { ChatMode } from '@chunbo/contract/room-parts'
import { query, read, send } from '../../ui/api.ts'

/** Every change answers with the whole section that it changed. */
const room = (roomId: number) => `/api/rooms/${roomId}`

export const loadModeration = (roomId: number, signal: AbortSignal) =>
  read<Moderation>(`${room(roomId)}/moderation`, { signal })
export const putChatMode = (roomId: number, mode: ChatMode) =>
  send<Moderation>('PUT', `${room(roomId)}/chat-mode`, mode)
export const pinLine = (roomId: number, lineId: string) =>
  send<Moderation>('PUT', `${room(roomId)}/chat-pin`, { lineId })
export const unpinLine = (roomId: number) => send<Moderation>('DELETE', `${room(roomId)}/chat-pin`)
export const removeLine = (roomId: number, lineId: string, reason?: ChatReason) =>
  send<Moderation>('DELETE', `${room(roomId)}/chat/${lineId}${query({ reason })}`)
export const mute = (roomId: number, input: MuteInput) => send<Moderation>('POST', `${room(roomId)}/mutes`, input)
export const liftMute = (roomId: number, muteId: number) =>
  send<Moderation>('DELETE', `${room(roomId)}/mutes/${muteId}`)
export const settleReports = (roomId: number, lineId: string) =>
  send<Moderation>('POST', `${room(roomId)}/reports/${lineId}/settle`, {})
export const answerAppeal = (roomId: number, muteId: number, lift: boolean, words: string) =>
  send<Moderation>('POST', `${room(roomId)}/appeals/${muteId}`, { lift, words })

export const loadQuestions = (roomId: number, signal: AbortSignal) =>
  read<RoomQuestions>(`${room(roomId)}/questions`, { signal })
/** An empty text is an answer by voice. */
export const answerQuestion = (roomId: number, questionId: number, text: string) =>
  send<RoomQuestions>('POST', `${room(roomId)}/questions/${questionId}/answer`, { text })
export const dismissQuestion = (roomId: number, questionId: number) =>
  send<RoomQuestions>('POST', `${room(roomId)}/questions/${questionId}/dismiss`, {})
export const mergeQuestion = (roomId: number, questionId: number, into: number) =>
  send<RoomQuestions>('POST', `${room(roomId)}/questions/${questionId}/merge`, { into })
