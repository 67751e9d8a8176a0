import assert from 'node:assert/strict'
import { MatroskaReader } from '../browser/matroska-reader.ts'
import { Mp4Reader } from '../browser/mp4-reader.ts'
import { readPublishMedia, readPublishText } from '../browser/publish-message.ts'
import { PublishSession } from '../browser/publish-session.ts'
import { parseAudioTrack } from '../codec/audio-track.ts'
import { avcConfigIn } from '../codec/avc.ts'
import { inspectNalUnits, parseVideoTrack } from '../codec/video-track.ts'
import { type IngestSink, MediaFormatError, type VideoCodec } from '../ingest-sink.ts'
import { defaultPublishLimits, defaultRtmpLimits, defaultStreamLimits } from '../limits.ts'
import { Chunker } from '../mux/chunker.ts'
import { readBoxes } from '../mux/mp4-boxes.ts'
import { Amf0Error, decodeAmf0 } from '../rtmp/amf0.ts'
import { feedFlvAudio, feedFlvVideo } from '../rtmp/flv-media.ts'
import { readFlvTags } from '../rtmp/flv-tags.ts'
import { RtmpChunkReader } from '../rtmp/rtmp-chunk-reader.ts'
import { handshakeBytes } from '../rtmp/rtmp-handshake.ts'
import { RtmpProtocolError } from '../rtmp/rtmp-message.ts'
import { RtmpSession } from '../rtmp/rtmp-session.ts'
import type { FuzzCorpus } from './fuzz-corpus.ts'
import type { FuzzRandom } from './fuzz-random.ts'
import { helloText } from './publish-client.ts'

/** A way for a stranger's bytes into the house. One call of `run` is one input; it throws what it should not. */
export interface FuzzTarget {
  name: string
  /** Share of the inputs. */
  weight: number
  run(random: FuzzRandom): void | Promise<void>
}

const greeting = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * handshakeBytes)])
const smallLimits = { ...defaultRtmpLimits, messageBytes: 65_536, partialBytes: 65_536 }
/** A chunk repeats the parameter sets and heads of boxes; more than this for what came in would be growth. */
const outputBytesMax = 256 * 1024
const ingestLifeInputs = 400

/** The real mux behind a sink, whose every chunk must be a moof and an mdat. */
class MuxSink implements IngestSink {
  readonly #chunker: Chunker
  outputBytes = 0

  constructor() {
    const start = { limits: defaultStreamLimits, startMs: 0, sequence: 0, partTargetMs: null, discontinuity: false }
    this.#chunker = new Chunker({
      ...start,
      onChunk: ({ bytes, durationMs }) => {
        this.outputBytes += bytes.length
        assert.ok(durationMs >= 0, 'a chunk goes back in time')
        assert.deepEqual(
          readBoxes(bytes).map(({ type }) => type),
          ['moof', 'mdat'],
        )
      },
    })
  }

  setVideo = (record: Buffer, codec?: VideoCodec): void => this.#chunker.setVideo(record, codec)
  setAudio: IngestSink['setAudio'] = (config) => this.#chunker.setAudio(config)
  video: IngestSink['video'] = (sample) => this.#chunker.video(sample)
  audio: IngestSink['audio'] = (sample) => this.#chunker.audio(sample)
  end = (): void => this.#chunker.end()
}

/** Runs a parser that may refuse in its own words and in no other way. */
function tolerate(kinds: readonly (new (...args: never[]) => Error)[], parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error
  }
}

function parserTargets(corpus: FuzzCorpus): FuzzTarget[] {
  const refusals = [MediaFormatError]
  const either = (random: FuzzRandom, real: readonly Buffer[], lengthMax: number): Buffer =>
    random.once(4) ? random.bytes(lengthMax) : random.damage(random.pick(real))
  return [
    {
      name: 'amf0',
      weight: 14,
      run: (random) => tolerate([Amf0Error], () => decodeAmf0(either(random, corpus.commands, 60))),
    },
    {
      name: 'avcC',
      weight: 14,
      run: (random) => tolerate(refusals, () => parseVideoTrack(either(random, corpus.avcRecords, 60), 'avc')),
    },
    {
      name: 'hvcC',
      weight: 14,
      run: (random) => tolerate(refusals, () => parseVideoTrack(either(random, corpus.hevcRecords, 80), 'hevc')),
    },
    {
      name: 'aac config',
      weight: 8,
      run: (random) => {
        const specificConfig = either(random, corpus.aacConfigs, 12)
        tolerate(refusals, () => parseAudioTrack({ codec: 'aac', specificConfig }))
      },
    },
    {
      name: 'nal units',
      weight: 10,
      run: (random) => {
        const bytes = either(random, corpus.frames, 60)
        if (inspectNalUnits(bytes, random.once(2) ? 'avc' : 'hevc')) avcConfigIn(bytes)
      },
    },
    {
      name: 'boxes',
      weight: 8,
      run: (random) => tolerate([RangeError], () => readBoxes(either(random, [corpus.mp4], 60))),
    },
    {
      name: 'flv file',
      weight: 2,
      run: (random) => tolerate([RangeError], () => readFlvTags(random.damage(corpus.flv))),
    },
    {
      name: 'chunks of rtmp',
      weight: 8,
      run: (random) => {
        const reader = new RtmpChunkReader({ messageBytes: 8_192, partialBytes: 16_384, chunkStreams: 8 })
        const bytes = random.damage(corpus.publish.subarray(0, 1_500))
        const cut = random.below(bytes.length + 1)
        tolerate([RtmpProtocolError], () => {
          for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) reader.receive(piece, () => {})
        })
      },
    },
  ]
}

function recordingTargets(corpus: FuzzCorpus): FuzzTarget[] {
  const read = (
    random: FuzzRandom,
    file: Buffer,
    open: (sink: IngestSink) => { receive(bytes: Buffer): void },
  ): void => {
    const sink = new MuxSink()
    const bytes = random.damage(file)
    const cut = random.below(bytes.length + 1)
    tolerate([MediaFormatError], () => {
      const reader = open(sink)
      for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) reader.receive(piece)
    })
    assert.ok(sink.outputBytes < outputBytesMax)
  }
  return [
    { name: 'mp4 recording', weight: 2, run: (random) => read(random, corpus.mp4, (sink) => new Mp4Reader(sink)) },
    {
      name: 'matroska recording',
      weight: 2,
      run: (random) => read(random, corpus.matroska, (sink) => new MatroskaReader(sink)),
    },
  ]
}

/** Messages of one long publish, of which the mux must stand any number and any order. */
function mediaTarget(corpus: FuzzCorpus): FuzzTarget {
  let sink = new MuxSink()
  let age = 0
  let clockMs = 0
  return {
    name: 'video and audio messages',
    weight: 10,
    run(random) {
      if (++age > ingestLifeInputs) {
        sink.end()
        assert.ok(sink.outputBytes < ingestLifeInputs * outputBytesMax)
        sink = new MuxSink()
        age = 0
      }
      clockMs += random.once(50) ? random.below(0x100000000) : random.below(60)
      const isPicture = random.once(2)
      const real = random.pick(isPicture ? corpus.video : corpus.audio)
      const body = random.once(3) ? real : random.damage(real)
      const feed = isPicture ? feedFlvVideo : feedFlvAudio
      tolerate([MediaFormatError], () => feed(sink, clockMs % 0x100000000, body))
    },
  }
}

function sessionTargets(corpus: FuzzCorpus): FuzzTarget[] {
  const rtmp = async (random: FuzzRandom): Promise<void> => {
    const sink = new MuxSink()
    const faults: unknown[] = []
    let closings = 0
    const session = new RtmpSession({
      limits: smallLimits,
      now: () => 0,
      onFault: (error) => faults.push(error),
      onRefused: () => {},
      port: { write: () => {}, close: () => closings++ },
      publish: async () => ({ kind: 'accepted', sink, nameEncoder: () => {} }),
    })
    session.receive(random.once(20) ? random.damage(greeting) : greeting)
    session.receive(random.damage(corpus.publish))
    await Promise.resolve()
    session.receive(random.bytes(100))
    await Promise.resolve()
    session.stop('end')
    assert.deepEqual(faults, [])
    assert.equal(closings, 1)
    assert.ok(sink.outputBytes < outputBytesMax)
  }
  const socket = async (random: FuzzRandom): Promise<void> => {
    const sink = new MuxSink()
    const faults: unknown[] = []
    let closings = 0
    const session = new PublishSession({
      limits: defaultPublishLimits,
      now: () => 0,
      onFault: (error) => faults.push(error),
      port: { send: () => {}, close: () => closings++ },
      open: async () => ({ kind: 'opened', sink, resumed: false }),
    })
    const hello = helloText({ format: random.pick(['frames', 'frames', 'mp4', 'matroska']) })
    session.receiveText(random.once(10) ? random.damage(Buffer.from(hello)).toString('utf8') : hello)
    await Promise.resolve()
    for (let i = random.below(8); i >= 0; i--) {
      const real = random.pick(corpus.messages)
      session.receiveBinary(random.once(3) ? real : random.damage(real))
    }
    session.stop('end')
    assert.deepEqual(faults, [])
    assert.equal(closings, 1)
    assert.ok(sink.outputBytes < outputBytesMax)
  }
  const said = [Buffer.from(helloText()), Buffer.from('{"t":"stop"}')]
  return [
    { name: 'rtmp session', weight: 4, run: rtmp },
    { name: 'publishing socket', weight: 3, run: socket },
    {
      name: 'publishing messages',
      weight: 5,
      run: (random) => {
        readPublishMedia(random.damage(random.pick(corpus.messages)))
        readPublishText(random.damage(random.pick(said)).toString('utf8'))
      },
    },
  ]
}

export function fuzzTargets(corpus: FuzzCorpus): FuzzTarget[] {
  return [...parserTargets(corpus), ...recordingTargets(corpus), mediaTarget(corpus), ...sessionTargets(corpus)]
}
