import { texts } from '../../i18n/index.ts'

/** Texts of the desk’s chat: [Chinese, English]. */
export const chatText = texts({
  title: ['评论', 'Chat'],
  empty: ['还没有人说话', 'No one has spoken yet'],
  emptyHelp: ['先打个招呼吧。', 'Say hello first.'],
  host: ['主播', 'Host'],
  'badge.official': ['官方', 'Official'],
  'badge.host': ['主播', 'Host'],
  'badge.assistant': ['副播', 'Assistant'],
  'badge.moderator': ['场控', 'Moderator'],
  level: ['{n} 级', 'Lv {n}'],
  placeholder: ['以主播身份说…', 'Say as the host…'],
  send: ['发送', 'Send'],
  sending: ['发送中', 'Sending'],
  failed: ['没发出去', 'Not sent'],
  retry: ['重发', 'Try again'],
  newLines: ['{n} 条新评论', '{n} new'],
  left: ['还能写 {n} 字', '{n} characters left'],
  closed: ['直播已结束，不能再发言', 'The show has ended; chat is closed'],
  actsOf: ['管 {name} 的评论', 'Act on {name}’s comment'],
})
