import { texts } from '../../i18n/index.ts'

/** Texts of the replay: [Chinese, English]. */
export const p = texts({
  whole: ['看完整回放', 'Watch it all'],
  again: ['再看一遍', 'Watch again'],
  next: ['下一个：{name}', 'Next: {name}'],
  rate: ['播放速度 {n} 倍', 'Speed {n}×'],
  over: ['这段讲解看完了', 'That was all about it'],
  buy: ['去买 ¥{yuan}', 'Buy ¥{yuan}'],
  share: ['分享这段讲解', 'Share this part'],
  trouble: ['画面没接上，正在重试', 'The picture did not come; trying again'],
})
