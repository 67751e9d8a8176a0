import { texts } from '../i18n/index.ts'

/** Texts of the page on which a shop says who it is: [Chinese, English]. */
export const shopText = texts({
  title: ['店铺资料', 'About the shop'],
  help: ['买家在店铺页和商品页看到这些。', 'Buyers see this on the shop’s page and beside its products.'],
  name: ['店名', 'Name of the shop'],
  nameZh: ['店名（中文）', 'Name in Chinese'],
  nameEn: ['店名（英文）', 'Name in English'],
  nameEnHint: ['可不填；不填就显示中文店名', 'Optional; without it the Chinese name is shown'],
  about: ['店铺介绍', 'About'],
  aboutZh: ['介绍（中文）', 'About, in Chinese'],
  aboutHint: [
    '谁家种的、哪个村、什么时候发货，两三句就够',
    'Who grows it, in which village, when it ships: a few lines do',
  ],
  aboutEn: ['介绍（英文）', 'About, in English'],
  county: ['所在县', 'County'],
  conflictTitle: ['店铺资料刚被别人改过', 'Someone else just changed this shop'],
  conflictBody: [
    '您填的内容还在。可以看最新的，也可以把您改的几处存上去。',
    'What you typed is kept. Look at the newest version, or save what you changed over it.',
  ],
  conflictLoad: ['看最新的', 'Load the newest'],
  conflictMine: ['存我改的', 'Save mine'],
  openNow: ['正在营业', 'The shop is open'],
  openHelp: [
    '歇业时可以关店。已付款的订单还要照常发货。',
    'Close it when you take a break. Paid orders still have to be shipped.',
  ],
  close: ['关店', 'Close the shop'],
  closeTitle: ['确定关店？', 'Close the shop?'],
  closeBody: [
    '所有在售商品会一起下架，直播间里也买不到了。已付款的订单还要照常发货。以后重新开店，商品要一个一个再上架。',
    'Everything on sale comes off sale at once, in live rooms too. Paid orders still have to be shipped. When you open again, each product has to be put on sale anew.',
  ],
  closed: ['店已关', 'The shop is closed'],
  closedHelp: [
    '买家现在买不到您的商品。重新开店后，到“商品”里把要卖的再上架。',
    'Nobody can buy here now. After you open it, put products back on sale under “Products”.',
  ],
  open: ['重新开店', 'Open the shop again'],
  didClose: ['已关店，商品都下架了', 'Closed; everything is off sale'],
  didOpen: ['已开店，记得把商品上架', 'Open again; now put your products on sale'],
  toSettings: ['去开店', 'Open it again'],
})
