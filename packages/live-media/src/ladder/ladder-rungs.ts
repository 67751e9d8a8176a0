/** One rendition of a stream. */
export interface Rung {
  /** Its folder under the room's: `720`, `480`, `360` after the shorter side, `aac` for the picture as it is with its sound as AAC. */
  readonly name: string
  readonly widthPx: number
  readonly heightPx: number
  /** Null passes the picture on as it came. */
  readonly videoKbps: number | null
  /** `none` where the source has no sound. */
  readonly audio: 'copy' | 'encode' | 'none'
}

export interface LadderSource {
  readonly widthPx: number
  readonly heightPx: number
  /** As in an init segment: `avc1.64001f,opus`. */
  readonly codecs: string
}

/** Kilobits a second that libx264 needs at `veryfast` for a person who talks and holds up fruit. */
const rungKbps: readonly [shortPx: number, kbps: number][] = [
  [720, 1_400],
  [480, 800],
  [360, 450],
]
const audioKbps = 96

/** What is made of a source: everything smaller than itself, and its own size again where its sound is nothing every player takes. */
export function rungsFor(source: LadderSource): Rung[] {
  const { widthPx, heightPx, codecs } = source
  const shortPx = Math.min(widthPx, heightPx)
  if (shortPx <= 0) return []
  const opus = /\bopus\b/.test(codecs)
  const audio = opus ? 'encode' : codecs.includes('mp4a') ? 'copy' : 'none'
  const smaller = rungKbps
    .filter(([px]) => px < shortPx)
    .map(([px, videoKbps]): Rung => {
      const scaled = (sidePx: number) => 2 * Math.round((sidePx * px) / shortPx / 2)
      return { name: String(px), widthPx: scaled(widthPx), heightPx: scaled(heightPx), videoKbps, audio }
    })
  // FLV as it leaves ffmpeg 5 has no place for HEVC, so only H.264 is passed on beside new sound.
  const same: Rung[] =
    opus && codecs.startsWith('avc1') ? [{ name: 'aac', widthPx, heightPx, videoKbps: null, audio: 'encode' }] : []
  return [...same, ...smaller]
}

/**
 * Arguments that read a fragmented MP4 from stdin and write one FLV stream a rung to descriptors 3, 4, ... Times are kept as they are
 * (`-copyts`, no frame moved, doubled or dropped) and key frames stand where the source has them, so that segments of all renditions begin at
 * the same frames.
 */
export function ladderArgs(rungs: readonly Rung[]): string[] {
  const scaled = rungs.filter((rung) => rung.videoKbps !== null)
  // Neither option of probing may wait for frames, and `nobuffer`, which looks like the third of the kind, throws the first ones away.
  const input = ['-copyts', '-flags', 'low_delay', '-threads', '1', '-analyzeduration', '0', '-fpsprobesize', '0']
  const split = `[0:v]split=${scaled.length}${scaled.map((_, index) => `[s${index}]`).join('')}`
  const scales = scaled.map(
    ({ widthPx, heightPx }, index) => `[s${index}]scale=${widthPx}:${heightPx}:flags=bilinear[v${index}]`,
  )
  const filters = scaled.length === 0 ? [] : ['-filter_complex', [split, ...scales].join(';')]
  const outputs = rungs.flatMap((rung, index) => outputArgs(rung, scaled.indexOf(rung), index + 3))
  return [
    '-hide_banner',
    '-nostdin',
    '-loglevel',
    'error',
    ...input,
    // What a stranger publishes is decoded here: it opens no file and no address.
    '-protocol_whitelist',
    'pipe',
    '-f',
    'mp4',
    '-i',
    'pipe:0',
    ...filters,
    ...outputs,
  ]
}

function outputArgs(rung: Rung, scaledIndex: number, descriptor: number): string[] {
  const video =
    rung.videoKbps === null
      ? ['-map', '0:v', '-c:v', 'copy']
      : ['-map', `[v${scaledIndex}]`, ...encoderArgs(rung.videoKbps)]
  const sound: Record<Rung['audio'], string[]> = {
    none: [],
    copy: ['-map', '0:a', '-c:a', 'copy'],
    encode: ['-map', '0:a', '-c:a', 'aac', '-b:a', `${audioKbps}k`, '-ar', '48000'],
  }
  const container = ['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', `pipe:${descriptor}`]
  return [...video, ...sound[rung.audio], ...container]
}

function encoderArgs(kbps: number): string[] {
  const rate = ['-b:v', `${kbps}k`, '-maxrate', `${Math.round(kbps * 1.2)}k`, '-bufsize', `${kbps}k`]
  const times = ['-vsync', 'passthrough', '-enc_time_base', '-1']
  const keys = ['-force_key_frames', 'source', '-g', '100000', '-sc_threshold', '0']
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'main']
  return [...encoder, '-pix_fmt', 'yuv420p', '-threads', '2', ...keys, ...times, ...rate]
}
