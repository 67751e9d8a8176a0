import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const liveErrors = {
  'live.room_not_found': { status: 404, zh: '没有这个直播间', en: 'There is no such live room' },
  'live.room_ended': {
    status: 409,
    zh: '这场直播已经结束，不能再改动',
    en: 'This show has ended and cannot be changed any more',
  },
  'live.scheduled_out_of_range': {
    status: 422,
    zh: '开播时间要在今天到一年之内',
    en: 'The show must be scheduled between today and a year from now',
  },
  'live.county_unknown': {
    status: 422,
    zh: '没有代码为 {countyCode} 的县',
    en: 'There is no county with the code {countyCode}',
  },
  'live.cover_unknown': {
    status: 422,
    zh: '封面图片不存在，请先上传',
    en: 'The cover picture does not exist; upload it first',
  },
  'live.too_many_rooms': {
    status: 409,
    zh: '一个县最多同时有 {max} 场未结束的直播，请先结束或改用已有的',
    en: 'A county has at most {max} shows that have not ended; end one or use it',
  },
  'live.sku_not_for_shelf': {
    status: 422,
    zh: '商品 {skuId} 不能上这个货架：要在售，且店铺或产地在本县',
    en: 'Product {skuId} cannot go on this shelf: it must be on sale, and its shop or its origin must be in this county',
  },
  'live.sku_twice': { status: 422, zh: '商品 {skuId} 在货架上重复了', en: 'Product {skuId} is on the shelf twice' },
  'live.sku_not_on_shelf': {
    status: 409,
    zh: '这件商品不在货架上，请先上架再讲解',
    en: 'This product is not on the shelf; put it there before explaining it',
  },
  'live.sku_not_on_sale': {
    status: 409,
    zh: '这件商品已下架，不能讲解',
    en: 'This product is no longer on sale and cannot be explained',
  },
  'live.cursor_invalid': {
    status: 400,
    zh: '翻页位置无效，请从头看起',
    en: 'This place in the list is not valid; start from the beginning',
  },
} satisfies ErrorTable
registerErrors(liveErrors)
