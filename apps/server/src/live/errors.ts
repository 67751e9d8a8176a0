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
  'live.title_words': {
    status: 422,
    zh: '广告法不允许标题里这样说：{words}',
    en: 'The advertising law does not allow this in a title: {words}',
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
  'live.host_too_young': {
    status: 403,
    zh: '未满十六周岁不能主持直播；十六、十七周岁要有监护人同意，请联系平台运营',
    en: 'Nobody under 16 may host a show; at 16 and 17 a guardian must agree; please ask the operator',
  },
  'live.practice_sells_nothing': {
    status: 409,
    zh: '这是排练，不能下单，库存也没有动',
    en: 'This is a practice show: nothing can be ordered here, and no stock has moved',
  },
  'live.key_time_out_of_range': {
    status: 422,
    zh: '密钥的到期时间要在现在之后、一年之内',
    en: 'The key must end after now and within a year',
  },
  'live.same_host': {
    status: 409,
    zh: '现在的主播就是这位，不用交接',
    en: 'This is the host already; there is nothing to hand over',
  },
  'live.full': {
    status: 503,
    zh: '直播间人太多，请稍后再进',
    en: 'The room is full; come back in a moment',
  },
  'live.video_away': {
    status: 502,
    zh: '画面暂时中断，正在恢复，请稍候',
    en: 'The picture is away for a moment and is coming back',
  },
  'live.video_full': {
    status: 503,
    zh: '看直播的人太多，请稍后再试',
    en: 'Too many are watching just now; try again in a moment',
  },
  'live.nothing_recorded': {
    status: 404,
    zh: '这段时间没有录像',
    en: 'Nothing was recorded at that time',
  },
  'live.export_moments_invalid': {
    status: 400,
    zh: '导出的起止时间不对：起点要早于终点',
    en: 'These moments cannot be exported: the first must be before the last',
  },
  'live.export_tracks_changed': {
    status: 409,
    zh: '中途换过画面尺寸或声音格式，一个文件装不下，请分段导出：{pieces}',
    en: 'The picture’s size or the sound changed on the way, which one file cannot hold; export these pieces: {pieces}',
  },
  'live.export_too_long': {
    status: 413,
    zh: '这段录像太长，请分段导出',
    en: 'This is too long for one file; export it in pieces',
  },
  'live.export_busy': {
    status: 503,
    zh: '同时导出的人太多，请过半分钟再试',
    en: 'Too many exports are under way; try again in half a minute',
  },
  'live.seat_gone': {
    status: 410,
    zh: '与直播间的连接已断开，请重新进入',
    en: 'The stream of this seat has ended; open the room again',
  },
  'live.cluster_secret_wrong': {
    status: 403,
    zh: '这里只接受流媒体集群的回调',
    en: 'Only callbacks of the media cluster are taken here',
  },
  'live.cluster_key_needed': {
    status: 401,
    zh: '推流需要推流码',
    en: 'Publishing needs a stream key',
  },
  'live.cluster_publish_refused': {
    status: 403,
    zh: '不能推流或观看：推流码不对、已过期，或直播间已结束',
    en: 'Not allowed: the stream key is wrong or no longer valid, or the room has ended',
  },
  'live.cursor_invalid': {
    status: 400,
    zh: '翻页位置无效，请从头看起',
    en: 'This place in the list is not valid; start from the beginning',
  },
} satisfies ErrorTable
registerErrors(liveErrors)
