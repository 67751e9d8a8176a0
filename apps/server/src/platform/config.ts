import { resolve } from 'node:path'
import { StartRefusal } from './start-refusal.ts'

/** Everything the environment decides, validated once at start. */
export interface Config {
  readonly port: number
  readonly rtmpPort: number
  /** Absolute path of the folder that holds all state of this instance. */
  readonly dataDir: string
  /** Null means the embedded database in dataDir. */
  readonly databaseUrl: string | null
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
    dataDir: resolve(env.DATA_DIR || './data'),
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: readUrl(env, 'REDIS_URL', ['redis:', 'rediss:']),
    publicUrl: readUrl(env, 'PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`,
    demo: readSwitch(env, 'DEMO', !production),
    production,
    authSecret,
    firstOperator: readFirstOperator(env),
    trustProxy: readSwitch(env, 'TRUST_PROXY', false),
    logLevel: logLevel as Config['logLevel'],
  }
}
