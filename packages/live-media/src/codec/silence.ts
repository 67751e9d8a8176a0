/**
 * Packets of silence, to be laid where a publisher's sound is missing: a player with a sound track waits for sound, and a
 * microphone that is pulled out must not stop the picture of everyone.
 */

/** 20 ms of CELT in stereo; decoders give it in the channels they were opened with. */
export const silentOpusPacket = Buffer.from([0xfc, 0xff, 0xfe])

/** Syntactic elements of each channel configuration (ISO 14496-3, table 1.19): single, pair, low-frequency effects. */
const elements: Record<number, readonly ('single' | 'pair' | 'effects')[]> = {
  1: ['single'],
  2: ['pair'],
  3: ['single', 'pair'],
  4: ['single', 'pair', 'single'],
  5: ['single', 'pair', 'pair'],
  6: ['single', 'pair', 'pair', 'effects'],
  7: ['single', 'pair', 'pair', 'pair', 'effects'],
}
const elementIds = { single: 0, pair: 1, effects: 3 } as const
const endId = 7

/** An AAC raw_data_block without a single spectral band in any channel (ISO 14496-3, 4.4.2.1). */
export function silentAacFrame(channelConfiguration: number): Buffer {
  const bits: number[] = []
  const put = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  // global_gain, then the window where it is not shared, then no pulses, no noise shaping, no gain control.
  const channel = (ownWindow: boolean): void => {
    put(0, 8)
    if (ownWindow) put(0, 11)
    put(0, 3)
  }
  const tags = { single: 0, pair: 0, effects: 0 }
  for (const kind of elements[channelConfiguration] ?? []) {
    put(elementIds[kind], 3)
    put(tags[kind]++, 4)
    if (kind === 'pair') {
      // A common window of no bands, and no middle and side stereo.
      put(1, 1)
      put(0, 11)
      put(0, 2)
      channel(false)
      channel(false)
    } else {
      channel(true)
    }
  }
  put(endId, 3)
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8))
  bits.forEach((bit, at) => {
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (7 - (at & 7)))
  })
  return bytes
}
