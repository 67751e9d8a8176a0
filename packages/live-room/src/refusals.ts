/** Why a chat line was refused, with what the sender reads. Sent over the socket, not as HTTP. */
export const CHAT_REFUSALS = {
  'room.chat_sign_in': { zh: '登录后才能发言', en: 'Sign in to say something' },
  'room.chat_closed': { zh: '直播已结束，不能再发言', en: 'The show has ended; chat is closed' },
  'room.chat_empty': { zh: '请先输入内容', en: 'Type something first' },
  'room.chat_too_long': { zh: '内容太长，最多 200 个字', en: 'Too long: at most 200 characters' },
  'room.chat_too_fast': { zh: '说得太快了，请稍等几秒', en: 'Too fast; wait a few seconds' },
  'room.chat_busy': { zh: '大家都在说话，请稍后再发', en: 'Everyone is talking; send it again in a moment' },
} as const

export type ChatRefusalCode = keyof typeof CHAT_REFUSALS
