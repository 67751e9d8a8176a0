import { type FlvTag, readFlvTags } from '../rtmp/flv-tags.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import type { RtmpPublisher } from '../rtmp/rtmp-publisher.ts'
import { type ClipShape, drawClip } from './ffmpeg.ts'

const drawn = new Map<string, Promise<FlvTag[]>>()

/** Tags of a clip; each shape is drawn once a test process. */
export function clip(shape: ClipShape): Promise<FlvTag[]> {
  const name = JSON.stringify(shape)
  const known = drawn.get(name) ?? drawClip(shape).then(readFlvTags)
  drawn.set(name, known)
  return known
}

/** Sends tags as fast as the server takes them, their clock moved by `shiftMs`. */
export async function sendTags(publisher: RtmpPublisher, tags: readonly FlvTag[], shiftMs = 0): Promise<void> {
  for (const tag of tags) await publisher.send({ ...tag, timestampMs: tag.timestampMs + shiftMs })
}

export function isVideo(tag: FlvTag): boolean {
  return tag.typeId === messageType.video
}

export function isAudio(tag: FlvTag): boolean {
  return tag.typeId === messageType.audio
}

/** Pictures in a list of tags, configuration and end markers not counted. */
export function countFrames(tags: readonly FlvTag[]): number {
  return tags.filter((tag) => isVideo(tag) && tag.body[1] === 1).length
}
