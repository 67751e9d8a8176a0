import { texts } from '../../i18n/index.ts'

/** Texts of the stream column: [Chinese, English]. */
export const streamText = texts({
  title: ['画面与信号', 'Stream'],
  waiting: ['还没收到画面', 'No video yet'],
  lost: ['画面断了，观众看到的是最后一帧', 'Video stopped; viewers see the last frame'],
  loading: ['正在接画面…', 'Loading the picture…'],
  tapToPlay: ['点这里看预览', 'Tap to see the preview'],
  download: ['下载整场录像（MP4）', 'Download the whole show (MP4)'],
  muted: ['预览不出声，免得啸叫', 'The preview is silent, to prevent echo'],
  preview: ['自己的画面（静音）', 'Your own picture (muted)'],
  healthy: ['信号良好', 'Signal is good'],
  check: ['信号要留意', 'Signal needs a look'],
  size: ['画面', 'Picture'],
  bitrate: ['码率', 'Bitrate'],
  fps: ['帧率', 'Frames'],
  keyFrame: ['关键帧', 'Key frames'],
  perSecond: ['{n} 帧/秒', '{n} fps'],
  seconds: ['{n} 秒', '{n} s'],
  warnKeyFrame: [
    '关键帧间隔太长，请在推流软件里设为 2 秒，观众进来更快。',
    'Key frames are too far apart. Set the interval to 2 s, so that viewers get in faster.',
  ],
  warnBitrateLow: [
    '码率太低，画面会糊。离路由器近一点，或换个网络。',
    'The bitrate is too low; the picture blurs. Move closer to the router or change network.',
  ],
  warnBitrateHigh: [
    '码率超过 6000，手机观众会卡。建议 2500。',
    'Bitrate is over 6000; phones will stutter. 2500 is a good value.',
  ],
  warnFps: [
    '每秒不到 15 帧，看着会卡。关掉别的软件试试。',
    'Fewer than 15 frames a second. Try closing other programs.',
  ],
  recordingFull: [
    '硬盘快满了，录像先停了，直播照常。请管理员清出空间，腾出来就自动接着录。',
    'The disk is nearly full, so recording has stopped; the show goes on. Ask the operator to free space: recording then goes on by itself.',
  ],
  recordingFailing: [
    '录像暂时存不进去，直播照常。请告诉管理员；能存了会自动接着录。',
    'The recording cannot be stored just now; the show goes on. Tell the operator; recording goes on by itself when it can.',
  ],
  recordingSlow: [
    '存录像的地方太慢，有几段没录上，直播照常。',
    'The storage is too slow and some of the recording is missing; the show goes on.',
  ],
  recordingLost: ['这场有约 {n} 秒没录上', 'About {n} s of this show were not recorded'],
  address: ['推流地址', 'Server'],
  key: ['推流密钥', 'Stream key'],
  keySecret: [
    '谁拿到密钥都能用您的直播间播，别给人看。',
    'Whoever has the key can stream into your room. Keep it to yourself.',
  ],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  copyFailed: ['没能复制，请长按选中', 'Could not copy; select it by hand'],
  reveal: ['显示', 'Show'],
  hide: ['隐藏', 'Hide'],
  rotate: ['换一个密钥', 'New key'],
  rotateTitle: ['换一个推流密钥吗？', 'Make a new stream key?'],
  rotateBody: [
    '旧密钥马上失效；正在推的画面会断，要用新密钥重新推。',
    'The old key stops at once. A running stream is cut and has to start again with the new key.',
  ],
  rotateYes: ['换新密钥', 'New key'],
  rotated: ['新密钥已生成', 'The new key is ready'],
})
