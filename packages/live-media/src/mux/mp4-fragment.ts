/** A sample as a track run lists it; times in ticks of its track. */
export interface FragmentSample {
  durationTicks: number
  compositionTicks: number
  key: boolean
  /** Written one after the other. */
  data: Buffer[]
  sizeBytes: number
}

export interface FragmentRun {
  trackId: number
  /** Decode time of the first sample. */
  baseTicks: number
  samples: FragmentSample[]
}

const runFlags = 0x01000f01
const syncFlags = 0x02000000
const nonSyncFlags = 0x01010000
const baseIsMoof = 0x020000

/**
 * One moof and its mdat. Version 1 of trun carries signed composition offsets, which B-frame publishers send; version 1
 * of tfdt carries 64-bit times, so a stream of days does not wrap.
 */
export function makeFragment(sequence: number, runs: readonly FragmentRun[]): Buffer {
  const moofBytes = runs.reduce((sum, run) => sum + 8 + 16 + 20 + 20 + run.samples.length * 16, 8 + 16)
  const dataBytes = runs.reduce((sum, run) => run.samples.reduce((s, sample) => s + sample.sizeBytes, sum), 0)
  const out = Buffer.allocUnsafe(moofBytes + 8 + dataBytes)
  let at = 0
  const number = (value: number): void => {
    at = out.writeUInt32BE(value, at)
  }
  const head = (sizeBytes: number, type: string): void => {
    number(sizeBytes)
    at += out.write(type, at, 'latin1')
  }
  let dataAt = moofBytes + 8
  head(moofBytes, 'moof')
  head(16, 'mfhd')
  number(0)
  number(sequence % 0x100000000)
  for (const run of runs) {
    const runBytes = 20 + run.samples.length * 16
    head(8 + 16 + 20 + runBytes, 'traf')
    head(16, 'tfhd')
    number(baseIsMoof)
    number(run.trackId)
    head(20, 'tfdt')
    number(0x01000000)
    at = out.writeBigUInt64BE(BigInt(run.baseTicks), at)
    head(runBytes, 'trun')
    number(runFlags)
    number(run.samples.length)
    number(dataAt)
    for (const sample of run.samples) {
      number(sample.durationTicks)
      number(sample.sizeBytes)
      number(sample.key ? syncFlags : nonSyncFlags)
      at = out.writeInt32BE(sample.compositionTicks, at)
      for (const piece of sample.data) dataAt += piece.copy(out, dataAt)
    }
  }
  head(8 + dataBytes, 'mdat')
  return out
}
