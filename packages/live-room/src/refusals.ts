/** Why a chat line was refused, with what the sender reads. Sent over the socket, not as HTTP. */
export const CHAT_REFUSALS = {
  'room.chat_sign_in': { zh: '登录后才能发言', en: 'Sign in to say something' },
  'room.chat_closed': { zh: '直播已结束，不能再发言', en: 'The show has ended; chat is closed' },
  'room.chat_empty': { zh: '请先输入内容', en: 'Type something first' },
  'room.chat_too_long': { zh: '内容太长，最多 200 个字', en: 'Too long: at most 200 characters' },
  'room.chat_too_fast': { zh: '说得太快了，请稍等几秒', en: 'Too fast; wait a few seconds' },
  'room.chat_busy': { zh: '大家都在说话，请稍后再发', en: 'Everyone is talking; send it again in a moment' },
  'room.chat_muted': { zh: '你被禁言了', en: 'You are muted here' },
  'room.chat_slow': { zh: '慢速发言中，请稍等再发', en: 'Slow mode: wait before the next line' },
  'room.chat_followers': { zh: '关注后才能发言', en: 'Follow the county to say something' },
  'room.chat_paused': { zh: '主播暂时关闭了发言', en: 'The host has paused the chat' },
  'room.chat_terms': { zh: '内容里有不能发布的词', en: 'This has words that cannot be said here' },
  'room.chat_contact': { zh: '请不要发电话、微信号或链接', en: 'No phone numbers, accounts or links, please' },
  'room.chat_repeated': { zh: '同样的话刚发过了', en: 'You have just said the same' },
  'room.chat_delayed': {
    zh: '聊天有延迟，请过一会儿再发；下单不受影响',
    en: 'Chat is delayed; say it again in a moment. Orders go on',
  },
  'room.chat_minor': { zh: '未成年人模式下不能发言', en: 'An account of a minor cannot talk here' },
} as const

export type ChatRefusalCode = keyof typeof CHAT_REFUSALS
