import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Probed {
  /** Codec, size and packets of each stream, as in `h264 640x360` and `aac`. */
  streams: string[]
  packets: number[]
  /** Everything that ffprobe had to say of it. */
  warnings: string
}

const run = promisify(execFile)

/** Reads a file or an address to its end with the real ffprobe. */
export async function probe(source: string): Promise<Probed> {
  const entries = 'stream=codec_name,width,height,nb_read_packets'
  const args = ['-v', 'warning', '-count_packets', '-show_entries', entries, '-of', 'json', source]
  const { stdout, stderr } = await run('ffprobe', args, { maxBuffer: 16 * 1024 * 1024 })
  const { streams } = JSON.parse(stdout) as {
    streams: { codec_name: string; width?: number; height?: number; nb_read_packets: string }[]
  }
  return {
    streams: streams.map(({ codec_name, width, height }) => (width ? `${codec_name} ${width}x${height}` : codec_name)),
    packets: streams.map(({ nb_read_packets }) => Number(nb_read_packets)),
    warnings: stderr,
  }
}
