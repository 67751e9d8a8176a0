import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const showErrors = {
  'show.drop_not_found': { status: 404, zh: '没有这个活动', en: 'There is no such drop' },
  'show.drop_closed': { status: 409, zh: '这个活动已经结束了', en: 'This drop has closed' },
  'show.too_many_open': {
    status: 409,
    zh: '同时进行的活动最多 {max} 个，请先结束一个',
    en: 'At most {max} drops can be open at once; close one first',
  },
  'show.too_many_drops': {
    status: 429,
    zh: '一小时内最多发 {max} 个活动，请稍后再发',
    en: 'At most {max} drops an hour; wait a little before the next one',
  },
  'show.text_empty': { status: 422, zh: '请写上内容', en: 'Please write something' },
  'show.words_not_allowed': {
    status: 422,
    zh: '广告法不允许这些用语：{words}。请换个说法',
    en: 'Advertising law does not allow these words: {words}. Please say it differently',
  },
  'show.phrase_missing': {
    status: 422,
    zh: '请写上要观众在评论里说的口令',
    en: 'Please write the phrase that viewers are to say in the chat',
  },
  'show.option_twice': { status: 422, zh: '投票的选项不能重复', en: 'The options of a poll must differ' },
  'show.no_such_option': { status: 422, zh: '没有这个选项', en: 'There is no such option' },
  'show.voted_already': { status: 409, zh: '您已经投过票了，每人一票', en: 'You have voted; it is one vote each' },
  'show.not_for_minors': {
    status: 403,
    zh: '未成年人不能参加抽奖，可以继续看直播',
    en: 'Minors cannot take part in draws; the show is open to you',
  },
  'show.not_for_team': {
    status: 403,
    zh: '主播团队不能参加自己的抽奖',
    en: 'The host team cannot take part in its own draw',
  },
  'show.follow_first': { status: 409, zh: '关注本县就可以参加', en: 'Follow the county to take part' },
  'show.say_phrase_first': {
    status: 409,
    zh: '在评论里说“{phrase}”就可以参加',
    en: 'Say "{phrase}" in the chat to take part',
  },
  'show.not_won': { status: 404, zh: '您没有中这个奖', en: 'You have not won this prize' },
  'show.claimed_already': {
    status: 409,
    zh: '收货地址已经填过了，要改请联系主播团队',
    en: 'The address was given already; ask the host team to change it',
  },
  'show.address_unknown': { status: 404, zh: '没有这个收货地址', en: 'There is no such delivery address' },
  'show.too_many_notices': {
    status: 429,
    zh: '一分钟内最多发 {max} 条公告',
    en: 'At most {max} notices a minute',
  },
  'show.run_changed': {
    status: 409,
    zh: '流程单刚被别人改过。您的改动还在，请对照最新一版再保存',
    en: 'Somebody else has changed the run. Your changes are kept here; compare them with the newest version and save again',
  },
  'show.run_too_long': {
    status: 422,
    zh: '口播稿合计最多 {max} 个字',
    en: 'The scripts may have {max} characters together',
  },
  'show.item_not_found': {
    status: 404,
    zh: '流程单里没有这一项，可能刚被删掉',
    en: 'The run has no such item; it may have been removed just now',
  },
  'show.sku_unknown': {
    status: 422,
    zh: '没有编号为 {skuId} 的商品',
    en: 'There are no goods with the number {skuId}',
  },
  'show.shops_hand_needed': {
    status: 403,
    zh: '加库存要店铺的人来做，请联系这家店',
    en: 'Only the shop’s own people can add stock; ask the shop',
  },
  'show.action_not_found': { status: 404, zh: '没有这条操作记录', en: 'There is no such action' },
  'show.undo_too_late': {
    status: 409,
    zh: '这一步之后已经有新的改动，不能再撤销',
    en: 'This cannot be undone any more; the show has gone on since',
  },
  'show.undone_already': { status: 409, zh: '这一步已经撤销了', en: 'This was undone already' },
} satisfies ErrorTable
registerErrors(showErrors)
