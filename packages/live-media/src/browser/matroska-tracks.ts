import { type AudioConfig, MediaFormatError } from '../ingest-sink.ts'
import { containerLimits } from './container-reader.ts'
import { elementId, elementsIn, unsignedOf } from './ebml.ts'

export type MatroskaTrack =
  /** Without a configuration record the frames are an Annex B byte stream. */
  { number: number; kind: 'video'; avcC: Buffer | null } | { number: number; kind: 'audio'; config: AudioConfig }

/** The tracks with H.264, AAC or Opus; others are left out. @throws MediaFormatError */
export function readTracks(payload: Buffer): MatroskaTrack[] {
  const entries = elementsIn(payload).filter(({ id }) => id === elementId.trackEntry)
  if (entries.length > containerLimits.tracks)
    throw new MediaFormatError('container', { detail: 'the recording has too many tracks' })
  return entries.flatMap((entry) => {
    const track = readEntry(entry.payload)
    return track ? [track] : []
  })
}

function readEntry(payload: Buffer): MatroskaTrack | null {
  const elements = elementsIn(payload)
  const find = (wanted: number) => elements.find(({ id }) => id === wanted)?.payload
  const number = unsignedOf(find(elementId.trackNumber) ?? Buffer.alloc(0))
  const codec = (find(elementId.codecId) ?? Buffer.alloc(0)).toString('latin1')
  const privateBytes = find(elementId.codecPrivate)
  switch (codec) {
    case 'V_MPEG4/ISO/AVC':
      return { number, kind: 'video', avcC: privateBytes && privateBytes.length > 0 ? privateBytes : null }
    case 'A_OPUS': {
      const audio = find(elementId.audio)
      const channels = audio && elementsIn(audio).find(({ id }) => id === elementId.channels)
      return { number, kind: 'audio', config: { codec: 'opus', channels: channels ? unsignedOf(channels.payload) : 1 } }
    }
    case 'A_AAC':
      return privateBytes ? { number, kind: 'audio', config: { codec: 'aac', specificConfig: privateBytes } } : null
    default:
      return null
  }
}

const nsPerMs = 1_000_000

/** Nanoseconds of a tick; a millisecond unless it is said. @throws MediaFormatError */
export function readTimestampScale(info: Buffer): number {
  const scale = elementsIn(info).find(({ id }) => id === elementId.timestampScale)
  const nsPerTick = scale ? unsignedOf(scale.payload) : nsPerMs
  if (nsPerTick < 1 || nsPerTick > 1_000_000_000)
    throw new MediaFormatError('container', { detail: 'the clock of the recording is out of range' })
  return nsPerTick
}
