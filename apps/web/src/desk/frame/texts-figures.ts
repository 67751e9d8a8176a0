import { texts } from '../../i18n/index.ts'

/** Texts of the show’s figures beyond the four at the top: [Chinese, English]. */
export const figureText = texts({
  title: ['这场的数据', 'This show in figures'],
  peak: ['最多同时在看', 'Most at once'],
  likes: ['点赞', 'Likes'],
  minutes: ['已播', 'On air'],
  minutesOf: ['{n} 分钟', '{n} min'],
  perMinute: ['每分钟卖', 'Sales a minute'],
  perThousand: ['每千人次卖', 'Sales per 1,000 visits'],
  funnel: ['从看到买', 'From watching to buying'],
  entered: ['进来过', 'came in'],
  watched: ['最多同时在看', 'at once'],
  opened: ['打开过商品', 'opened goods'],
  waiting: ['下单待付', 'to pay'],
  paid: ['付了款', 'paid'],
})
