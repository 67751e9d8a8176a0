import { texts } from '../../i18n/index.ts'

/** What needs a look, in plain words, with what to do: [Chinese, English]. */
export const warningText = texts({
  title: ['要留意', 'Needs a look'],
  more: ['还有 {n} 条', '{n} more'],
  fewer: ['收起', 'Fewer'],
  stock_low: ['“{what}”只剩 {n} 件，要不要加货？', '“{what}”: {n} packs left. Add some?'],
  sold_out: ['“{what}”卖完了，讲下一个吧', '“{what}” is sold out. Go on to the next'],
  no_pin: ['{time} 没有讲解商品了，观众没得买', 'Nothing explained for {time}; viewers have nothing to buy'],
  questions: ['{n} 个问题在等回答', '{n} question is waiting|{n} questions are waiting'],
  complaints: [
    '十分钟里 {n} 人说到坏果或退款，看看是不是哪一批有问题',
    '{n} people wrote of bad fruit or refunds in ten minutes. Is a batch bad?',
  ],
  stream_away: [
    '画面断了 {time}，看看推流的手机或电脑',
    'No video for {time}. Look at the phone or computer that sends it',
  ],
  stream_slow: ['每秒只有 {n} 帧，看着会卡', 'Only {n} frames a second; it stutters'],
  stream_long_gop: [
    '关键帧隔了 {n} 秒，观众进来慢，请设为 2 秒',
    'Key frames are {n} s apart; set 2 s so that viewers get in faster',
  ],
  stream_thin: ['码率只有 {n} kbps，画面会糊，换个网络试试', 'Only {n} kbps; the picture blurs. Try another network'],
  'go.goods': ['看货架', 'Shelf'],
  'go.questions': ['去回答', 'Answer'],
  'go.chat': ['看评论', 'Chat'],
  'go.stream': ['看信号', 'Signal'],
})
