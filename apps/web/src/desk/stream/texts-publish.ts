import { texts } from '../../i18n/index.ts'

/** Texts of who may publish and of what the server measures: [Chinese, English]. */
export const publishText = texts({
  refused: ['{when} 有推流被拒：{why}', 'At {when} a stream was turned away: {why}'],
  keyUntil: ['密钥有效到 {when}', 'The key is good until {when}'],
  keyOver: ['密钥已在 {when} 过期，请换一个新的', 'The key ended on {when}. Make a new one'],
  keyEnds: ['让密钥在这时失效', 'End the key at'],
  keyEndsHelp: ['不填就按平时的期限', 'Left empty, the usual time holds'],
  takeover: ['后来的推流接管', 'A newer stream takes over'],
  takeoverOn: ['有人再用这个密钥推流，就换成他的画面', 'When somebody else streams with this key, viewers see theirs'],
  takeoverOff: ['已经在播时，别人再推会被拒', 'While one stream is on air, another is turned away'],
  saved: ['推流设置已改', 'Saved'],
  codecs: ['编码', 'Codecs'],
  encoder: ['推流软件', 'Encoder'],
  lostFrames: ['丢帧', 'Lost frames'],
  frames: ['{n} 帧', '{n}'],
  silence: ['补的静音', 'Silence filled in'],
  seconds: ['{n} 秒', '{n} s'],
  clockJumps: ['时间戳跳变', 'Clock jumps'],
  adviceB_frames: [
    '推流软件开了 B 帧，观众会晚一点看到。请在设置里把 B 帧设为 0。',
    'The encoder uses B-frames, so viewers see it later. Set B-frames to 0.',
  ],
  adviceNo_audio: ['没有声音。请检查麦克风有没有选上。', 'There is no sound. Check that the microphone is chosen.'],
  adviceSound_gone: [
    '声音断了，现在补的是静音。请看看麦克风的线和开关。',
    'The sound has stopped; silence is filled in. Check the microphone’s cable and switch.',
  ],
  adviceFrames_dropped: [
    '有些画面到了但不完整，没法播。请停播后重新推流。',
    'Some frames arrived broken. Stop the stream and start it again.',
  ],
  adviceFrames_skipped: [
    '推流软件在丢帧，多半是上行网络慢。请降低码率或换个网络。',
    'The encoder leaves frames out, most often for a slow uplink. Lower the bitrate or change network.',
  ],
  adviceNo_frames: [
    '几秒没有收到画面了。请看看推流软件和网络。',
    'Nothing has arrived for some seconds. Check the encoder and the network.',
  ],
  advicePicture_format: [
    '画面格式很多手机放不了。请把颜色格式设为 NV12 或 I420。',
    'Many phones cannot play this picture. Set the colour format to NV12 or I420.',
  ],
  adviceHevc: [
    '正在用 H.265，有些浏览器放不了。要人人能看，请改用 H.264。',
    'This is H.265, which some browsers cannot play. For everybody to see it, use H.264.',
  ],
})
