import { StartRefusal } from './start-refusal.ts'

/** What publishers of video may use up, and how long a key of theirs holds. */
export interface IngestConfig {
  /** Streams at once on this machine. */
  readonly streamsMax: number
  /** Average over some seconds, in kbit/s. */
  readonly kbpsMax: number
  /** Longer and shorter side of the picture, either way up. */
  readonly longPx: number
  readonly shortPx: number
  /** From the first picture of a show. */
  readonly showHoursMax: number
  /** After so many days without use a stream key ends. */
  readonly keyDays: number
}

function refuse(name: string, value: string, wantedZh: string, wantedEn: string): never {
  throw new StartRefusal(
    'config.invalid',
    `环境变量 ${name}=${value} 无效：应为${wantedZh}`,
    `Environment variable ${name}=${value} is not valid: it must be ${wantedEn}`,
  )
}

function readWhole(env: NodeJS.ProcessEnv, name: string, fallback: number, min: number, max: number): number {
  const raw = env[name]
  if (raw === undefined || raw === '') return fallback
  const value = Number(raw)
  if (!Number.isInteger(value) || value < min || value > max)
    refuse(name, raw, `${min} 到 ${max} 的整数`, `a whole number from ${min} to ${max}`)
  return value
}

function readPicture(env: NodeJS.ProcessEnv): Pick<IngestConfig, 'longPx' | 'shortPx'> {
  const raw = env.INGEST_PICTURE_MAX || '1920x1080'
  const [, a, b] = /^(\d{2,4})x(\d{2,4})$/.exec(raw) ?? []
  const sides = [Number(a), Number(b)]
  const [longPx, shortPx] = [Math.max(...sides), Math.min(...sides)]
  if (!(shortPx >= 90 && longPx <= 8192)) refuse('INGEST_PICTURE_MAX', raw, '如 1920x1080', 'as in 1920x1080')
  return { longPx, shortPx }
}

/** @throws StartRefusal `config.invalid` */
export function readIngest(env: NodeJS.ProcessEnv): IngestConfig {
  return {
    streamsMax: readWhole(env, 'INGEST_STREAMS_MAX', 200, 1, 10_000),
    kbpsMax: readWhole(env, 'INGEST_KBPS_MAX', 12_000, 100, 100_000),
    ...readPicture(env),
    showHoursMax: readWhole(env, 'SHOW_HOURS_MAX', 12, 1, 168),
    keyDays: readWhole(env, 'STREAM_KEY_DAYS', 30, 1, 366),
  }
}
