import { texts } from '../../i18n/index.ts'

/** Texts of a price for some minutes, and of more packs: [Chinese, English]. */
export const flashText = texts({
  title: ['限时价：{title}', 'Flash price: {title}'],
  was: ['现在', 'Now'],
  to: ['限时价', 'Flash'],
  price: ['限时价（元）', 'Flash price (yuan)'],
  off: ['便宜 {yuan} 元，{share} 折', '{yuan} yuan less'],
  perJin: ['每斤 ¥{yuan}', '¥{yuan} / 500 g'],
  minutes: ['多久', 'How long'],
  minutesOf: ['{n} 分钟', '{n} min'],
  back: ['到 {time} 自动变回 ¥{yuan}', 'Back to ¥{yuan} at {time} by itself'],
  required: ['请填价钱', 'Please give a price'],
  notNumber: ['价钱要像 19.90 这样写', 'Write the price like 19.90'],
  notLess: ['要比现在的 ¥{yuan} 便宜', 'It has to be below ¥{yuan}'],
  notZero: ['价钱要大于 0', 'It has to be above 0'],
  sure: ['改成 ¥{yuan}', 'Set to ¥{yuan}'],
  done: ['限时价开始了', 'The flash price runs'],
  stockTitle: ['加库存：{title}', 'Add stock: {title}'],
  stockNow: ['现在还有 {n} 件', '{n} packs now'],
  stockMore: ['加几件', 'How many more'],
  stockAfter: ['加完是 {n} 件', '{n} packs then'],
  stockSure: ['加 {n} 件', 'Add {n}'],
  stockDone: ['加好了，现在 {n} 件', 'Added: {n} packs now'],
  stockBad: ['请填 1 到 100000 的整数', 'A whole number from 1 to 100000, please'],
})
