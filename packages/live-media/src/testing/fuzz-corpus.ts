import { PUBLISH_KIND } from '@chunbo/contract/publish'
import { encodeAmf0 } from '../rtmp/amf0.ts'
import { writeRtmpMessage } from '../rtmp/rtmp-chunk-writer.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { clip, isAudio, isVideo } from './clips.ts'
import { drawClip, ffmpegBytes } from './ffmpeg.ts'
import { hevcTags } from './hevc-clip.ts'
import { publishMessage } from './publish-client.ts'

/** Real captures, which the fuzzer damages: what ffmpeg makes, and what encoders say. */
export interface FuzzCorpus {
  /** Commands of RTMP, each an AMF0 message's payload. */
  commands: Buffer[]
  /** A whole publish after the handshake, as the chunks of RTMP. */
  publish: Buffer
  /** Bodies of video and audio messages, legacy and enhanced. */
  video: Buffer[]
  audio: Buffer[]
  avcRecords: Buffer[]
  hevcRecords: Buffer[]
  aacConfigs: Buffer[]
  /** NAL units led by their lengths. */
  frames: Buffer[]
  flv: Buffer
  mp4: Buffer
  matroska: Buffer
  /** Binary messages of the publishing socket. */
  messages: Buffer[]
}

const small = { seconds: 1, size: '96x64', rate: 10 }

export async function drawFuzzCorpus(): Promise<FuzzCorpus> {
  const tags = await clip(small)
  const hevc = [...(await hevcTags(small, 'enhanced')), ...(await hevcTags(small, 'codec 12'))]
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=10', '-f', 'lavfi', '-i', 'sine', '-t', '1']
  const avc = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '5']
  const fragments = ['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof']
  const isConfig = (body: Buffer): boolean => body[1] === 0
  const avcTags = tags.filter(isVideo)
  const avcRecords = avcTags.filter(({ body }) => isConfig(body)).map(({ body }) => body.subarray(5))
  const hevcRecords = hevc.filter((tag) => isVideo(tag) && tag.body[0] === 0x1c).map(({ body }) => body.subarray(5))
  const aacConfigs = tags.filter((tag) => isAudio(tag) && isConfig(tag.body)).map(({ body }) => body.subarray(2))
  const frames = avcTags.filter(({ body }) => body[1] === 1).map(({ body }) => body.subarray(5))
  const commands = [
    encodeAmf0(['connect', 1, { app: 'live', flashVer: 'FMLE/3.0', tcUrl: 'rtmp://x/live', fourCcList: ['hvc1'] }]),
    encodeAmf0(['createStream', 2, null]),
    encodeAmf0(['publish', 3, null, 'key', 'live']),
    encodeAmf0(['@setDataFrame', 'onMetaData', { width: 96, encoder: 'Lavf', when: new Date(0), list: [1, true] }]),
  ]
  const message = (typeId: number, timestampMs: number, payload: Buffer): Buffer =>
    writeRtmpMessage(4, { typeId, streamId: 1, timestampMs, payload }, 128)
  return {
    commands,
    publish: Buffer.concat([
      ...commands.slice(0, 3).map((payload) => message(messageType.commandAmf0, 0, payload)),
      ...tags.slice(0, 16).map(({ typeId, timestampMs, body }) => message(typeId, timestampMs, body)),
    ]),
    video: [...tags, ...hevc].filter(isVideo).map(({ body }) => body),
    audio: [
      ...[...tags, ...hevc].filter(isAudio).map(({ body }) => body),
      Buffer.concat([Buffer.from('\x90OpusOpusHead\x01\x02', 'latin1'), Buffer.alloc(9)]),
      Buffer.from('\x91Opus\xfc\xff\xfe', 'latin1'),
    ],
    avcRecords,
    hevcRecords,
    aacConfigs,
    frames,
    flv: await drawClip(small),
    mp4: await ffmpegBytes([...source, ...avc, '-c:a', 'aac', ...fragments]),
    matroska: await ffmpegBytes([...source, ...avc, '-c:a', 'libopus', '-live', '1', '-f', 'matroska']),
    messages: [
      ...avcRecords.map((record) => publishMessage(PUBLISH_KIND.videoConfig, record)),
      publishMessage(PUBLISH_KIND.audioConfig, Buffer.from([2, 1])),
      ...frames.map((frame, at) => publishMessage(PUBLISH_KIND.video, frame, { key: at === 0, dtsUs: at * 100_000 })),
      publishMessage(PUBLISH_KIND.audio, Buffer.from([0xfc, 0xff, 0xfe])),
    ],
  }
}
