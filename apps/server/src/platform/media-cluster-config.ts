import { StartRefusal } from './start-refusal.ts'

/** A cluster of SRS or MediaMTX servers that takes streams in and serves them in place of this process. */
export interface MediaClusterConfig {
  readonly kind: 'srs' | 'mediamtx'
  /** What its callbacks prove themselves with: one, or while it is being changed the new and the old. */
  readonly secrets: readonly string[]
  /** Where host teams publish, without the name of the stream: rtmp://push.example.org/live */
  readonly publishUrl: string
  /** Where viewers find the playlist; `{stream}` stands for the public name, `{room}` for the number of the room. */
  readonly hlsUrl: string
  /** Where its recordings can be fetched; `{file}` stands for the last part of the path that it tells. */
  readonly recordingUrl: string | null
  /** Its control API, by which publishers are sent away and silent ones noticed; null goes without. */
  readonly apiUrl: string | null
}

const SECRET_SHAPE = /^[A-Za-z0-9_-]{32,128}$/

function refuse(name: string, wantedZh: string, wantedEn: string): never {
  // None of these values is repeated: they may hold a secret or a password.
  throw new StartRefusal(
    'config.invalid',
    `环境变量 ${name} 无效：应为${wantedZh}`,
    `Environment variable ${name} is not valid: it must be ${wantedEn}`,
  )
}

function readTemplate(env: NodeJS.ProcessEnv, name: string, mark: RegExp, markText: string): string | null {
  const raw = env[name]
  if (raw === undefined || raw === '') return null
  if (!/^https?:\/\//.test(raw) || !mark.test(raw) || !URL.canParse(raw.replace(/\{[a-z]+\}/g, 'x')))
    refuse(name, `带有 ${markText} 的 http(s) 网址`, `an http(s) URL with ${markText} in it`)
  return raw
}

function readAddress(env: NodeJS.ProcessEnv, name: string, protocols: readonly string[]): string | null {
  const raw = env[name]
  if (raw === undefined || raw === '') return null
  if (!URL.canParse(raw) || !protocols.includes(new URL(raw).protocol))
    refuse(name, `以 ${protocols.join(' 或 ')} 开头的网址`, `a URL starting with ${protocols.join(' or ')}`)
  return raw.replace(/\/+$/, '')
}

/**
 * Reads what the environment says of a media cluster; null when there is none.
 * @throws StartRefusal `config.invalid` naming the variable and what it must be
 */
export function readMediaCluster(env: NodeJS.ProcessEnv): MediaClusterConfig | null {
  const kind = env.MEDIA_CLUSTER
  if (kind === undefined || kind === '') return null
  if (kind !== 'srs' && kind !== 'mediamtx') refuse('MEDIA_CLUSTER', ' srs 或 mediamtx', 'srs or mediamtx')
  const secrets = (env.MEDIA_CLUSTER_SECRET ?? '').split(',').filter((secret) => secret !== '')
  if (secrets.length < 1 || secrets.length > 2 || !secrets.every((secret) => SECRET_SHAPE.test(secret)))
    refuse(
      'MEDIA_CLUSTER_SECRET',
      '一个（更换期间两个，用逗号隔开）32 到 128 位的字母、数字、-、_',
      'one secret (two, with a comma between, while it is changed) of 32 to 128 letters, digits, - and _',
    )
  const publishUrl = readAddress(env, 'MEDIA_CLUSTER_PUBLISH_URL', ['rtmp:', 'rtmps:'])
  const hlsUrl = readTemplate(env, 'MEDIA_CLUSTER_HLS_URL', /\{(stream|room)\}/, '{stream}')
  if (publishUrl === null) refuse('MEDIA_CLUSTER_PUBLISH_URL', '推流地址', 'the address to publish to')
  if (hlsUrl === null) refuse('MEDIA_CLUSTER_HLS_URL', '播放地址', 'the address to play from')
  return {
    kind,
    secrets,
    publishUrl,
    hlsUrl,
    recordingUrl: readTemplate(env, 'MEDIA_CLUSTER_RECORDING_URL', /\{file\}/, '{file}'),
    apiUrl: readAddress(env, 'MEDIA_CLUSTER_API_URL', ['http:', 'https:']),
  }
}
