import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const chatErrors = {
  'chat.line_not_found': { status: 404, zh: '没有这条发言', en: 'There is no such line' },
  'chat.line_gone': { status: 409, zh: '这条发言已经被删除', en: 'This line has been taken down' },
  'chat.line_of_team': {
    status: 409,
    zh: '不能禁言本场的主播团队',
    en: 'The host team of this room cannot be silenced',
  },
  'chat.mute_not_found': { status: 404, zh: '没有这条禁言', en: 'There is no such mute' },
  'chat.mute_over': { status: 409, zh: '这条禁言已经解除或到期', en: 'This mute has been lifted or is over' },
  'chat.banned_already': {
    status: 409,
    zh: '这位观众已经在全县的直播间被禁言',
    en: 'This viewer is banned from the rooms of the county already',
  },
  'chat.appealed_already': {
    status: 409,
    zh: '你已经申诉过，请等待答复',
    en: 'You have appealed already; wait for the answer',
  },
  'chat.no_appeal': { status: 409, zh: '没有等待答复的申诉', en: 'No appeal waits for an answer' },
  'chat.terms_changed_meanwhile': {
    status: 409,
    zh: '词库刚被别人改过，请看过最新内容再保存',
    en: 'Somebody else has just changed the terms; look at the newest version, then save again',
  },
  'chat.terms_too_many': { status: 422, zh: '词库最多 {max} 个词', en: 'The packs hold at most {max} terms together' },
  'chat.term_empty': {
    status: 422,
    zh: '“{term}”里没有文字或数字，无法用来比对',
    en: '"{term}" has no letter and no digit, so it could never be found',
  },
  'chat.host_words': {
    status: 422,
    zh: '广告法不允许这样说：{terms}',
    en: 'The advertising law does not allow this to be said: {terms}',
  },
  'chat.question_not_found': { status: 404, zh: '没有这个问题', en: 'There is no such question' },
  'chat.question_settled': {
    status: 409,
    zh: '这个问题刚被处理过',
    en: 'This question has just been dealt with',
  },
  'chat.merge_with_itself': { status: 422, zh: '不能和自己合并', en: 'A question cannot be merged with itself' },
  'chat.sku_unknown': { status: 422, zh: '货架上没有这件商品', en: 'This product is not on the shelf' },
} satisfies ErrorTable
registerErrors(chatErrors)
