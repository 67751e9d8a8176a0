import type { IngestSink } from '../ingest-sink.ts'
import { feedFlvAudio, feedFlvVideo } from '../rtmp/flv-media.ts'
import type { FlvTag } from '../rtmp/flv-tags.ts'
import { messageType } from '../rtmp/rtmp-message.ts'

/** Puts tags into a sink without a socket, their clock moved by `shiftMs`. */
export function feed(sink: IngestSink, tags: readonly FlvTag[], shiftMs = 0): void {
  for (const { typeId, timestampMs, body } of tags) {
    if (typeId === messageType.video) feedFlvVideo(sink, timestampMs + shiftMs, body)
    if (typeId === messageType.audio) feedFlvAudio(sink, timestampMs + shiftMs, body)
  }
}
