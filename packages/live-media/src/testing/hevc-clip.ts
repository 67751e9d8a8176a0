import { Mp4Reader } from '../browser/mp4-reader.ts'
import type { FlvTag } from '../rtmp/flv-tags.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { ffmpegBytes } from './ffmpeg.ts'

export interface HevcClipShape {
  seconds: number
  /** As in `640x360`. */
  size: string
  rate: number
  bFrames?: number
}

/** How HEVC comes by RTMP: with four letters (enhanced RTMP), or as codec 12, which Chinese encoders sent before. */
export type HevcDress = 'enhanced' | 'codec 12'

/** Draws HEVC with AAC and returns it as the RTMP messages of an encoder. */
export async function hevcTags(
  { seconds, size, rate, bFrames = 0 }: HevcClipShape,
  dress: HevcDress,
): Promise<FlvTag[]> {
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`]
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100']
  const codec = ['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', '-g', String(rate), '-c:a', 'aac']
  const quiet = ['-x265-params', `log-level=none:keyint=${rate}:bframes=${bFrames}:open-gop=0`]
  const form = ['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof']
  const file = await ffmpegBytes([...source, ...tone, '-t', String(seconds), ...codec, ...quiet, ...form])
  const tags: FlvTag[] = []
  const put = (typeId: number, timestampMs: number, head: readonly number[], data: Buffer): void => {
    tags.push({ typeId, timestampMs, body: Buffer.concat([Buffer.from(head), data]) })
  }
  const hvc1 = [...Buffer.from('hvc1')]
  const reader = new Mp4Reader({
    setVideo: (record) =>
      put(messageType.video, 0, dress === 'enhanced' ? [0x90, ...hvc1] : [0x1c, 0, 0, 0, 0], record),
    setAudio: (config) => {
      if (config.codec === 'aac') put(messageType.audio, 0, [0xaf, 0], config.specificConfig)
    },
    video: ({ dtsMs, compositionMs, key, data }) => {
      const shift = [(compositionMs >> 16) & 0xff, (compositionMs >> 8) & 0xff, compositionMs & 0xff]
      const frame = key ? 0x10 : 0x20
      const enhanced = compositionMs === 0 ? [0x80 | frame | 3, ...hvc1] : [0x80 | frame | 1, ...hvc1, ...shift]
      put(messageType.video, dtsMs, dress === 'enhanced' ? enhanced : [frame | 12, 1, ...shift], data)
    },
    audio: ({ dtsMs, data }) => put(messageType.audio, dtsMs, [0xaf, 1], data),
  })
  reader.receive(file)
  return tags
}
