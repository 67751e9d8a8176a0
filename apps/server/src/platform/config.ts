import { join, resolve } from 'node:path'
import { type IngestConfig, readIngest } from './ingest-config.ts'
import { type MediaClusterConfig, readMediaCluster } from './media-cluster-config.ts'
import type { S3Place } from './s3-storage.ts'
import { StartRefusal } from './start-refusal.ts'
import type { StoragePlace } from './storage.ts'

/** Everything the environment decides, validated once at start. */
export interface Config {
  readonly port: number
  readonly rtmpPort: number
  /** Where a front may fetch /media/ without passing the server; null keeps the media process to the server alone. */
  readonly mediaPort: number | null
  /** With so many viewers on this server, whoever comes next is shown the picture by playlists, which caches carry, and not by a socket. */
  readonly socketViewersMax: number
  /** Absolute path of the folder that holds all state of this instance. */
  readonly dataDir: string
  /** Null means the embedded database in dataDir. */
  readonly databaseUrl: string | null
  /** Bucket of pictures and recordings; null keeps them in dataDir. */
  readonly storageS3: S3Place | null
  /** Below so much free space nothing is recorded any more, so that the database never finds the disk full. */
  readonly recordingFreeMb: number
  readonly redisUrl: string | null
  /** Origin under which users reach the site, without a trailing slash. */
  readonly publicUrl: string
  /** Demonstration: demo world, sandbox payment, codes shown on a page. */
  readonly demo: boolean
  readonly production: boolean
  /** Key of session signatures; null means one made once and kept in dataDir. */
  readonly authSecret: string | null
  /** Account that becomes the first operator while there is none. */
  readonly firstOperator: { readonly email: string; readonly password: string } | null
  /** One proxy stands in front; the last address of its X-Forwarded-For is believed. */
  readonly trustProxy: boolean
  /** Rooms that have smaller renditions made by ffmpeg at the same time; 0, as long as LADDER is off, makes none. */
  readonly ladders: number
  /** Servers that carry the video of public rooms in place of this process; null means that there are none. */
  readonly mediaCluster: MediaClusterConfig | null
  readonly ingest: IngestConfig
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

function refuse(name: string, value: string, wantedZh: string, wantedEn: string): never {
  throw new StartRefusal(
    'config.invalid',
    `环境变量 ${name}=${value} 无效：应为${wantedZh}`,
    `Environment variable ${name}=${value} is not valid: it must be ${wantedEn}`,
  )
}

function readPort(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const raw = env[name]
  if (raw === undefined || raw === '') return fallback
  const port = Number(raw)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    refuse(name, raw, '0 到 65535 的整数', 'a whole number from 0 to 65535')
  return port
}

function readCount(env: NodeJS.ProcessEnv, name: string, fallback: number, most: number): number {
  const raw = env[name]
  if (raw === undefined || raw === '') return fallback
  const count = Number(raw)
  if (!Number.isInteger(count) || count < 0 || count > most)
    refuse(name, raw, `0 到 ${most} 的整数`, `a whole number from 0 to ${most}`)
  return count
}

function readSwitch(env: NodeJS.ProcessEnv, name: string, fallback: boolean): boolean {
  const raw = env[name]
  if (raw === undefined || raw === '') return fallback
  if (raw !== '0' && raw !== '1') refuse(name, raw, '0 或 1', '0 or 1')
  return raw === '1'
}

function readUrl(env: NodeJS.ProcessEnv, name: string, protocols: string[]): string | null {
  const raw = env[name]
  if (raw === undefined || raw === '') return null
  // The value may hold a password, so it is never repeated in the message.
  const valid = URL.canParse(raw) && protocols.includes(new URL(raw).protocol)
  if (!valid)
    refuse(name, '…', `以 ${protocols.join(' 或 ')} 开头的网址`, `a URL starting with ${protocols.join(' or ')}`)
  return raw.replace(/\/$/, '')
}

function readWhole(env: NodeJS.ProcessEnv, name: string, fallback: number, most: number): number {
  const raw = env[name]
  if (raw === undefined || raw === '') return fallback
  const value = Number(raw)
  if (!/^\d+$/.test(raw) || value > most) refuse(name, raw, `0 到 ${most} 的整数`, `a whole number from 0 to ${most}`)
  return value
}

/** All of STORAGE_S3_* or none: half of it would put recordings where nobody looks for them. */
function readStorageS3(env: NodeJS.ProcessEnv): S3Place | null {
  const endpoint = readUrl(env, 'STORAGE_S3_ENDPOINT', ['http:', 'https:'])
  const needed = ['STORAGE_S3_BUCKET', 'STORAGE_S3_ACCESS_KEY', 'STORAGE_S3_SECRET_KEY'] as const
  if (endpoint === null) {
    const stray = needed.find((name) => env[name])
    if (stray) refuse('STORAGE_S3_ENDPOINT', '', `${stray} 之外也要设置的网址`, `a URL, since ${stray} is set`)
    return null
  }
  const [bucket = '', accessKey = '', secretKey = ''] = needed.map((name) => env[name])
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    refuse('STORAGE_S3_BUCKET', bucket, '存储桶名称', 'the name of a bucket')
  for (const [name, value] of [
    ['STORAGE_S3_ACCESS_KEY', accessKey],
    ['STORAGE_S3_SECRET_KEY', secretKey],
  ] as const) {
    if (!/^\S{3,200}$/.test(value)) refuse(name, '…', '存储服务给的密钥', 'the key that the store gave you')
  }
  return { endpoint, bucket, region: env.STORAGE_S3_REGION || 'us-east-1', accessKey, secretKey }
}

function readFirstOperator(env: NodeJS.ProcessEnv): Config['firstOperator'] {
  const { OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password } = env
  if (!email && !password) return null
  if (!email || !/^[^\s@]+@[^\s@]+$/.test(email)) refuse('OPERATOR_EMAIL', email ?? '', '邮箱地址', 'an email address')
  if (!password || password.length < 10)
    refuse('OPERATOR_PASSWORD', '…', '至少 10 个字符', 'at least 10 characters long')
  return { email, password }
}

/**
 * Reads and validates the environment.
 * @throws StartRefusal `config.invalid` naming the variable and what it must be.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = readPort(env, 'PORT', 4870)
  const production = env.NODE_ENV === 'production'
  const logLevel = env.LOG_LEVEL || 'info'
  if (!LOG_LEVELS.includes(logLevel as Config['logLevel']))
    refuse('LOG_LEVEL', logLevel, LOG_LEVELS.join('、'), LOG_LEVELS.join(', '))
  const authSecret = env.AUTH_SECRET || null
  if (authSecret !== null && authSecret.length < 32)
    refuse('AUTH_SECRET', '…', '至少 32 个字符', 'at least 32 characters long')
  return {
    port,
    rtmpPort: readPort(env, 'RTMP_PORT', 1935),
    mediaPort: readPort(env, 'MEDIA_PORT', 0) || null,
    socketViewersMax: readCount(env, 'SOCKET_VIEWERS_MAX', 2_000, 1_000_000),
    dataDir: resolve(env.DATA_DIR || './data'),
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    storageS3: readStorageS3(env),
    recordingFreeMb: readWhole(env, 'RECORDING_FREE_MB', 1_024, 1_000_000_000),
    redisUrl: readUrl(env, 'REDIS_URL', ['redis:', 'rediss:']),
    publicUrl: readUrl(env, 'PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`,
    demo: readSwitch(env, 'DEMO', !production),
    production,
    authSecret,
    firstOperator: readFirstOperator(env),
    trustProxy: readSwitch(env, 'TRUST_PROXY', false),
    ladders: readSwitch(env, 'LADDER', false) ? readWhole(env, 'LADDERS_MAX', 1, 1_000) : 0,
    mediaCluster: readMediaCluster(env),
    ingest: readIngest(env),
    logLevel: logLevel as Config['logLevel'],
  }
}

/** Where pictures and recordings lie. */
export function storagePlaceOf({ storageS3, dataDir }: Config): StoragePlace {
  return storageS3 ? { kind: 's3', ...storageS3 } : { kind: 'folder', root: join(dataDir, 'files') }
}
