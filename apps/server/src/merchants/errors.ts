import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const merchantErrors = {
  'merchants.not_found': { status: 404, zh: '没有这个商家', en: 'There is no such merchant' },
  'merchants.changed_meanwhile': {
    status: 409,
    zh: '这份资料刚被别人改过，请看过最新内容再保存',
    en: 'Somebody else has just changed this profile; look at the newest version, then save again',
  },
  'merchants.too_many': {
    status: 409,
    zh: '一个人最多建 {max} 个商家',
    en: 'One person can set up at most {max} merchants',
  },
  'merchants.place_unknown': {
    status: 422,
    zh: '仓库的县代码 {code} 不存在',
    en: 'There is no county with the code {code} for the warehouse',
  },
  'merchants.place_half': {
    status: 422,
    zh: '经度和纬度要么都填，要么都不填',
    en: 'Give both longitude and latitude, or neither',
  },
  'merchants.shop_unknown': { status: 422, zh: '没有这家店', en: 'There is no such shop' },
  'merchants.produce_unknown': {
    status: 422,
    zh: '品类里没有：{names}',
    en: 'The list of produce does not have: {names}',
  },
  'merchants.price_term': {
    status: 422,
    zh: '收购价的开始日期不能晚于结束日期',
    en: 'A price cannot begin after its last day',
  },
  'merchants.price_twice': {
    status: 422,
    zh: '同一种农产品在同一时间里只能有一个价',
    en: 'A produce can have only one price at a time',
  },
  'merchants.picture_unknown': { status: 422, zh: '没有这张图片', en: 'There is no such picture' },
  'merchants.paper_past': {
    status: 422,
    zh: '证件的有效期已经过了',
    en: 'The last day of the paper has gone by already',
  },
  'merchants.papers_full': { status: 409, zh: '证件最多存 {max} 份', en: 'At most {max} papers are kept' },
  'merchants.paper_not_found': { status: 404, zh: '没有这份证件', en: 'There is no such paper' },
  'merchants.staff_unknown': {
    status: 422,
    zh: '这些人没有商家角色：{userIds}',
    en: 'These people do not hold the role of a merchant: {userIds}',
  },
} satisfies ErrorTable
registerErrors(merchantErrors)
