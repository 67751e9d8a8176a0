import { texts } from '../i18n/index.ts'

/** Texts of a shop’s start page: [Chinese, English]. */
export const startText = texts({
  todo: ['现在要做的', 'To do now'],
  allDone: ['都做完了，歇一会儿', 'All done. Take a rest'],
  allDoneHelp: ['有新订单会出现在这里。', 'New orders will show up here.'],
  toShip: ['单等着发货', 'orders waiting to ship'],
  toShipHelp: ['鲜货早一天发，少一分损耗', 'A day sooner is fresher on arrival'],
  low: ['个商品快卖完', 'products running low'],
  lowHelp: ['收成还有的话，补几件货', 'Add packs if the harvest allows'],
  drafts: ['个商品还没上架', 'drafts not on sale yet'],
  draftsHelp: ['补好图片和价格就能卖', 'Add pictures and a price, then publish'],
  sold: ['已卖出', 'Sold'],
  harvested: ['登记的收成', 'Harvest on record'],
  onSale: ['在售商品', 'On sale'],
  guide: ['三步就能开卖', 'Three steps to your first sale'],
  guide1: ['登记收成', 'Record your harvest'],
  guide1Help: ['种的什么、哪个村、有多少斤', 'What it is, which village, how much'],
  guide2: ['装成商品', 'Make a product of it'],
  guide2Help: ['一箱几斤、卖多少钱，拍几张照片', 'Weight of a box, its price, a few photos'],
  guide3: ['上架开卖', 'Put it on sale'],
  guide3Help: ['上架后，买家和直播间马上能看到', 'Buyers and live rooms see it at once'],
  done: ['已完成', 'Done'],
  next: ['去做这一步', 'Do this step'],
})
