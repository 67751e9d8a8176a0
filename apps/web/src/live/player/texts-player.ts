import { texts } from '../../i18n/index.ts'

/** Texts of the panel that tells how the picture comes: [Chinese, English]. */
export const f = texts({
  title: ['画面信息', 'About this picture'],
  close: ['收起画面信息', 'Hide picture details'],
  way: ['方式', 'Way'],
  socket: ['直连', 'direct'],
  llhls: ['低延迟 HLS', 'low-latency HLS'],
  native: ['系统播放器', 'browser’s own player'],
  delay: ['延迟', 'Delay'],
  seconds: ['{n} 秒', '{n} s'],
  unknown: ['测不出', 'Not known'],
  delayNote: [
    '从画面到达服务器算起，不含主播上传的时间',
    'From our server to your eyes; the host’s upload comes on top',
  ],
  buffer: ['缓冲', 'Buffer'],
  size: ['画面', 'Picture'],
  dropped: ['丢帧', 'Dropped frames'],
  droppedOf: ['{n} / {all}', '{n} of {all}'],
  bitrate: ['码率', 'Bitrate'],
  kbps: ['{n} kbps', '{n} kbps'],
  faster: ['正以 {n} 倍速追上', 'Catching up at {n}×'],
  slower: ['正以 {n} 倍速攒缓冲', 'Filling up at {n}×'],
})
