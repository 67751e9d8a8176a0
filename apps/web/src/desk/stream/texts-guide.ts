import { texts } from '../../i18n/index.ts'

/** Texts of the guide that takes a newcomer on air: [Chinese, English]. */
export const guideText = texts({
  here: ['用这台手机或电脑开播', 'Go live from this device'],
  hereHelp: ['不用装软件，点一下就播。', 'No app to install; one tap and you are on air.'],
  hereGo: ['打开摄像头', 'Open the camera'],
  title: ['用别的软件开播', 'Or with other software'],
  computer: ['用电脑（OBS）', 'Computer (OBS)'],
  phone: ['用手机', 'Phone'],
  obs1: [
    '装好免费软件 OBS，打开“设置 → 推流”，服务选“自定义”。',
    'Install OBS (free). Open Settings → Stream and choose Service “Custom”.',
  ],
  obs2: ['把下面的推流地址和密钥分别复制进去。', 'Copy the server and the stream key below into it.'],
  obs3: [
    '“输出”里码率填 2500、关键帧间隔 2 秒，点“开始推流”。',
    'In Output set bitrate 2500 and key frame interval 2 s, then press “Start streaming”.',
  ],
  phone1: [
    '装一个能推 RTMP 的应用，例如 Larix Broadcaster。',
    'Install an app that can send RTMP, for example Larix Broadcaster.',
  ],
  phone2: [
    '新建连接，网址填“推流地址/密钥”，点下面一次复制。',
    'Add a connection; its URL is server/key. Copy it whole below.',
  ],
  phone3: [
    '手机竖着拿，分辨率选 720×1280，点红色按钮开播。',
    'Hold the phone upright, choose 720×1280 and tap the red button.',
  ],
  copyWhole: ['复制整个地址', 'Copy the whole address'],
  auto: [
    '收到画面后，直播会自动开始，这里会变成预览。',
    'The show starts by itself when video arrives, and the preview appears here.',
  ],
  show: ['怎么开播？', 'How to go live'],
})
