/**
 * Every reason for which a publisher is sent away, in words. One table for all who tell it: RTMP puts both languages into
 * its status message, a publishing socket sends the code, the desk shows the language of its reader.
 */
const texts = {
  key_wrong: { zh: '推流密钥不对', en: 'the stream key is wrong or no longer valid' },
  key_expired: {
    zh: '推流密钥已过期，请在直播台换一个新的',
    en: 'the stream key has expired; make a new one at the desk',
  },
  key_unchecked: { zh: '暂时无法核对密钥，请稍后再试', en: 'the stream key cannot be checked now, please try again' },
  too_many_tries: {
    zh: '这个网络错误的密钥太多，请一分钟后再试',
    en: 'too many wrong keys from this network; try again in a minute',
  },
  already_publishing: {
    zh: '已经有人在用这个密钥推流',
    en: 'someone is publishing with this key already',
  },
  taken_over: { zh: '另一台设备接管了这场直播', en: 'another publisher has taken this show over' },
  stalled: { zh: '太久没有收到画面，已由新的推流接替', en: 'nothing arrived for too long, and another publisher came' },
  ended: { zh: '这场直播已经结束', en: 'this show has ended' },
  key_changed: { zh: '推流密钥已更换', en: 'the stream key has been changed' },
  streams_full: {
    zh: '服务器同时最多接收 {max} 路直播，现在满了',
    en: 'this server takes {max} streams at once and is full now',
  },
  server_closing: { zh: '服务器正在关闭', en: 'the server is closing' },
  show_too_long: { zh: '一场直播最长 {hours} 小时', en: 'a show lasts {hours} hours at most' },
  video_codec: {
    zh: '不支持 {codec} 视频，请改用 H.264 或 H.265',
    en: 'the video is {codec}; send H.264 or H.265',
  },
  audio_codec: { zh: '不支持 {codec} 音频，请改用 AAC 或 Opus', en: 'the audio is {codec}; send AAC or Opus' },
  video_config: { zh: '视频参数读不懂：{detail}', en: 'the video configuration cannot be read: {detail}' },
  audio_config: { zh: '音频参数读不懂：{detail}', en: 'the audio configuration cannot be read: {detail}' },
  container: { zh: '录制的数据读不懂：{detail}', en: 'the recording cannot be read: {detail}' },
  picture_too_large: {
    zh: '画面 {width}×{height} 太大，最大 {max}（横竖都可）',
    en: 'the picture of {width}×{height} is too large; the most is {max}, either way up',
  },
  bitrate_too_high: {
    zh: '码率超过 {kbps} kbps，请在推流软件里调低',
    en: 'the bitrate is over {kbps} kbit/s; lower it in the encoder',
  },
} as const

export type RefusalCode = keyof typeof texts

/** A refusal as the desk is told of it. */
export interface IngestRefusal {
  readonly code: RefusalCode
  readonly zh: string
  readonly en: string
}

export type RefusalParams = Readonly<Record<string, string | number>>

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(texts, text)
}

export function ingestRefusal(code: RefusalCode, params: RefusalParams = {}): IngestRefusal {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
  return { code, zh: fill(texts[code].zh), en: fill(texts[code].en) }
}

/** What encoders print: they have one text and no language. */
export function refusalLine({ zh, en }: IngestRefusal): string {
  return `${zh} / ${en}`
}
