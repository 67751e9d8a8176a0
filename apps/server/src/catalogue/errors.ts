import { type ErrorTable, registerErrors } from '../platform/problem.ts'

export const catalogueErrors = {
  'catalogue.lot_not_found': { status: 404, zh: '没有这批货', en: 'There is no such lot' },
  'catalogue.sku_not_found': { status: 404, zh: '没有这件商品', en: 'There is no such product' },
  'catalogue.produce_unknown': {
    status: 422,
    zh: '没有名为 {produceSlug} 的品种',
    en: 'There is no produce called {produceSlug}',
  },
  'catalogue.county_unknown': {
    status: 422,
    zh: '没有代码为 {countyCode} 的县',
    en: 'There is no county with the code {countyCode}',
  },
  'catalogue.harvest_window': {
    status: 422,
    zh: '采收期须先始后终，且不超过 400 天',
    en: 'The harvest must end on or after the day it begins, within 400 days',
  },
  'catalogue.lot_below_allocated': {
    status: 409,
    zh: '这批货已有 {allocatedG} 克装成包，总量不能少于它',
    en: '{allocatedG} g of this lot are in packs already; it cannot have fewer grams than that',
  },
  'catalogue.lot_grams_max': {
    status: 409,
    zh: '这批货验过、接下的只有 {maxG} 克，总量不能超过它',
    en: 'Only {maxG} g of this lot were inspected and accepted; it cannot have more',
  },
  'catalogue.lot_origin_fixed': {
    status: 409,
    zh: '这批货的商品已经上架，品种和产地县不能再改；不同的货请另建一批',
    en: 'Products of this lot have been on sale, so its produce and county stay; make another lot for other goods',
  },
  'catalogue.grade_inspected': {
    status: 409,
    zh: '这批货的等级是验货员签过字的，不能改；要改请重新验货',
    en: 'An inspector has signed the grade of this lot; it changes only by a new inspection',
  },
  'catalogue.lot_grams_exceeded': {
    status: 409,
    zh: '这批货只剩 {freeG} 克没有装包，装不下这么多',
    en: 'Only {freeG} g of this lot are not in packs yet; that is not enough',
  },
  'catalogue.too_many_lots': {
    status: 409,
    zh: '一家店最多 {max} 批货',
    en: 'A shop has at most {max} lots',
  },
  'catalogue.too_many_skus': {
    status: 409,
    zh: '一家店最多 {max} 件商品',
    en: 'A shop has at most {max} products',
  },
  'catalogue.too_many_packs': {
    status: 422,
    zh: '一件商品累计最多 20 亿包',
    en: 'A product has at most two billion packs in all',
  },
  'catalogue.stock_below_zero': {
    status: 409,
    zh: '库存只有 {stock} 包，不能减这么多；没有改动',
    en: 'There are only {stock} packs in stock, so that many cannot be taken away; nothing was changed',
  },
  'catalogue.price_not_lower': {
    status: 409,
    zh: '限时价要低于现在的价格',
    en: 'A flash price must be below the price of now',
  },
  'catalogue.net_fixed': {
    status: 409,
    zh: '上架过的商品不能改净含量；不同规格请另建商品',
    en: 'The net weight of a product that has been on sale stays as it is; make another product for another pack',
  },
  'catalogue.not_published': {
    status: 409,
    zh: '草稿还没有上架，不用下架',
    en: 'A draft is not on sale and cannot be taken off',
  },
  'catalogue.shop_closed': {
    status: 409,
    zh: '店铺已关闭，不能上架；请先重新开店',
    en: 'The shop is closed, so nothing can go on sale; open it again first',
  },
  'catalogue.changed_meanwhile': {
    status: 409,
    zh: '内容刚被别人改过（现在是第 {version} 版），请看过最新内容再保存',
    en: 'Somebody else has just changed this (now version {version}); look at the newest, then save again',
  },
  'catalogue.cursor_invalid': {
    status: 400,
    zh: '翻页位置无效，请从头看起',
    en: 'This place in the list is not valid; start from the beginning',
  },
  'catalogue.picture_unknown': {
    status: 422,
    zh: '有图片不存在或不是你上传的',
    en: 'A picture does not exist or was not uploaded by you',
  },
  'catalogue.picture_not_found': { status: 404, zh: '没有这张图片', en: 'There is no such picture' },
  'catalogue.picture_needed': {
    status: 400,
    zh: '请在 file 一栏附上一张图片',
    en: 'Send one picture in the field "file"',
  },
  'catalogue.picture_too_large': {
    status: 413,
    zh: '图片不能超过 10 MB',
    en: 'A picture may be at most 10 MB',
  },
  'catalogue.picture_too_many_pixels': {
    status: 422,
    zh: '图片像素太多（最多 5000 万），请缩小后再传',
    en: 'The picture has too many pixels (at most 50 million); make it smaller',
  },
  'catalogue.picture_too_small': {
    status: 422,
    zh: '图片太小，边长至少 {minPx} 像素',
    en: 'The picture is too small; each side must have at least {minPx} pixels',
  },
  'catalogue.picture_format': {
    status: 415,
    zh: '只收 JPEG、PNG 或 WebP 图片',
    en: 'Only JPEG, PNG or WebP pictures are taken',
  },
  'catalogue.picture_lies': {
    status: 415,
    zh: '这个文件的名字和内容对不上，可能坏了；请换一张图片，或重新导出再传',
    en: 'The file says it is {declared}, but its content is not; export the picture again',
  },
  'catalogue.picture_broken': {
    status: 422,
    zh: '图片已损坏，读不出来',
    en: 'The picture is damaged and cannot be read',
  },
  'catalogue.picture_limit': {
    status: 429,
    zh: '上传的图片太多，请过一小时再传',
    en: 'Too many pictures were uploaded; try again in an hour',
  },
  'catalogue.pictures_full': {
    status: 409,
    zh: '一个账号最多存 {max} 张图片',
    en: 'An account keeps at most {max} pictures',
  },
  'catalogue.pictures_busy': {
    status: 503,
    zh: '正在处理很多图片，请过几秒再传',
    en: 'Many pictures are being worked on; try again in a few seconds',
  },
} satisfies ErrorTable
registerErrors(catalogueErrors)
