/** The publishers, in a process of their own on the core of the load: each sends the clip over RTMP at its own pace. */
import { readFile } from 'node:fs/promises'
import { type FlvTag, openRtmpPublisher, type RtmpPublisher, readFlvTags } from '@chunbo/live-media'
import { answerParent, nowUs } from '../rooms/child-link.ts'

export interface PublishPlan {
  readonly port: number
  /** Rooms to go on air in; the stream key of room 7 is `room-7`. */
  readonly rooms: readonly number[]
  readonly clipPath: string
  readonly clipMs: number
}

interface Publishing {
  readonly publisher: RtmpPublisher
  readonly startMs: number
  /** Tags sent so far, over all turns of the clip. */
  sent: number
  frames: number
}

const BEAT_MS = 5
const VIDEO = 9
const BY_ADDRESS = 20
/** A FLV video tag with a coded picture, as against a configuration. */
const PICTURE = 1

const nowMs = () => nowUs() / 1000
const publishings = new Map<number, Publishing>()
let tags: FlvTag[] = []
let clipMs = 0
let timer: NodeJS.Timeout | undefined
let lateMsMax = 0

/** Sends what is due. Configurations go once: who is on air has them. */
function beat(): void {
  for (const each of publishings.values()) {
    const dueMs = nowMs() - each.startMs
    for (;;) {
      const tag = tags[each.sent % tags.length]
      const turn = Math.floor(each.sent / tags.length)
      if (!tag || tag.timestampMs + turn * clipMs > dueMs) break
      lateMsMax = Math.max(lateMsMax, dueMs - tag.timestampMs - turn * clipMs)
      each.sent += 1
      const isPicture = tag.typeId === VIDEO && tag.body[1] === PICTURE
      const isConfiguration = !isPicture && tag.body[1] === 0
      if (turn > 0 && isConfiguration) continue
      if (isPicture) each.frames += 1
      void each.publisher.send({ ...tag, timestampMs: tag.timestampMs + turn * clipMs })
    }
  }
}

answerParent({
  async publish(plan: PublishPlan) {
    tags = readFlvTags(await readFile(plan.clipPath))
    clipMs = plan.clipMs
    const beforeCount = publishings.size
    for (const [index, roomId] of plan.rooms.entries()) {
      const from = `127.9.0.${1 + Math.floor((beforeCount + index) / BY_ADDRESS)}`
      const publisher = await openRtmpPublisher(`rtmp://127.0.0.1:${plan.port}/live/room-${roomId}`, { from })
      // Publishers are not in step with each other: their frames are spread over the time of one.
      const startMs = nowMs() + (index * 33.3) / plan.rooms.length
      publishings.set(roomId, { publisher, startMs, sent: 0, frames: 0 })
    }
    timer ??= setInterval(beat, BEAT_MS)
  },
  /** How late the latest tag was since the last time that this was asked. */
  late() {
    const late = { lateMsMax }
    lateMsMax = 0
    return late
  },
  /** Ends all publishes in good order and gives the pictures sent in each room. */
  async stop() {
    clearInterval(timer)
    timer = undefined
    const sent = [...publishings].map(([roomId, { frames }]) => ({ roomId, frames }))
    await Promise.all([...publishings.values()].map(({ publisher }) => publisher.close()))
    publishings.clear()
    return sent
  },
})
