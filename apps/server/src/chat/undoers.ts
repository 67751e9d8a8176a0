import { ChatModeInput } from '@chunbo/contract'
import { Value } from 'typebox/value'
import { Refusal } from '../platform/problem.ts'
import type { ChatContext } from './context.ts'
import { liftMute } from './lift-mute.ts'
import { pinComment, unpinComment } from './pin-comment.ts'
import { setChatMode } from './set-chat-mode.ts'

type Undoer = (roomId: number, undo: Readonly<Record<string, unknown>>, userId: number) => Promise<void>

/** How what was done to the chat is taken back; `undo` is what was told with the action. A line that was taken down stays down. */
export function chatUndoers(whole: ChatContext): Record<'chat_mode' | 'chat_pin' | 'mute', Undoer> {
  // The log of actions tells of the undoing by itself.
  const context: ChatContext = { ...whole, acted: () => undefined }
  return {
    async chat_mode(roomId, { was }, userId) {
      if (!Value.Check(ChatModeInput, was)) throw new Refusal('request.invalid')
      await setChatMode(context, roomId, was, userId)
    },
    chat_pin: (roomId, { was }, userId) =>
      typeof was === 'string' ? pinComment(context, roomId, was, userId) : unpinComment(context, roomId, userId),
    mute: (roomId, { muteId }, userId) => liftMute(context, roomId, Number(muteId), userId),
  }
}
