import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from './compose.ts'
import { forkMediaProcess } from './live/media-fork.ts'
import { type Config, readConfig } from './platform/config.ts'
import { openDataFolder } from './platform/data-folder.ts'
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { createLog, type Log } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { probeBucket } from './platform/s3-storage.ts'
import { portInUse, StartRefusal } from './platform/start-refusal.ts'

/** Ctrl-C ends everything within 5 s. */
const STOP_MS = 4_500
/** The longest that the application may take of them; whatever hangs in it, the database behind it is ended in order. */
const CLOSE_MS = 2_500
/** What an immediate end of the database takes, when an orderly one had not enough time. */
const DATABASE_ENDS_MS = 500

/** Steps that were taken and have to be undone at the end, the last one first. Each hears how much time is left, in ms. */
const undo: ((leftMs: number) => Promise<void> | void)[] = []
let stopping = false

const say = (line: string) => process.stdout.write(`${line}\n`)

async function stop(exitCode: number): Promise<never> {
  if (!stopping) {
    stopping = true
    const endsAt = performance.now() + STOP_MS
    setTimeout(() => process.exit(exitCode || 1), STOP_MS).unref()
    for (const step of undo.reverse()) await Promise.resolve(step(endsAt - performance.now())).catch(() => {})
    process.exit(exitCode)
  }
  return new Promise(() => {})
}

/**
 * The application's modules. Loading them keeps one core busy for a second or two, in which the database and the media
 * process come up on another; so main.ts itself imports only what these need.
 */
const loadApplication = () => Promise.all([import('./compose.ts'), import('../../../tools/demo/run.ts')])
type Demo = Awaited<ReturnType<typeof loadApplication>>[1]

async function openStore(config: Config, log: Log, onLaunched: () => void): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl
  say('数据库启动中… / starting the database')
  const halt = new AbortController()
  const starting = startEmbeddedPostgres({
    dataDir: config.dataDir,
    log,
    onProgress: ({ zh, en }) => say(`${zh} / ${en}`),
    onLaunched,
    onLost: () => void stop(1),
    signal: halt.signal,
  })
  // Ctrl-C may come while it starts; a server of which nobody knows yet must not stay behind.
  undo.push(async (leftMs) => {
    halt.abort()
    await (await starting.catch(() => undefined))?.stop(leftMs - DATABASE_ENDS_MS)
  })
  return (await starting).url
}

async function start(): Promise<void> {
  const asked = readConfig(process.env)
  const log = createLog(process.env.LOG_LEVEL ? asked.logLevel : asked.production ? 'info' : 'warn')
  const folder = await openDataFolder(asked.dataDir)
  undo.push(() => folder.release())
  const config = { ...asked, dataDir: folder.path }
  const mediaProcess = forkMediaProcess()
  const databaseUrl = await openStore(config, log, () => void loadApplication().catch(() => {}))
  await migrate(databaseUrl, { onApply: (name) => say(`数据库迁移 / migrating: ${name}`) })
  const [{ composeApp }, demo] = await loadApplication()
  const app = await composeApp({ config, databaseUrl, log, mediaProcess })
  undo.push(async () => {
    const closed = await Promise.race([app.close().then(() => true), sleep(CLOSE_MS, false)])
    if (!closed) log.warn('something in the application does not end; the database is ended under it')
  })
  if (config.storageS3 && !(await probeBucket(app.platform.storage)))
    log.warn('the bucket of pictures and recordings does not answer; shows are recorded when it does')
  await app.listen().catch((error: NodeJS.ErrnoException & { port?: number }) => {
    if (error.code === 'EADDRINUSE') throw portInUse(error.port ?? config.port, portVariable(config, error.port))
    throw error
  })
  if (config.firstOperator)
    await app.slices.identity.makeFirstOperator(config.firstOperator.email, config.firstOperator.password)
  if (config.demo) await runDemo(app, demo)
  say(`ready ${config.publicUrl}`)
}

/** The environment variable that chose a port. */
function portVariable(config: Config, port: number | undefined): string {
  if (port === config.rtmpPort) return 'RTMP_PORT'
  return port !== undefined && port === config.mediaPort ? 'MEDIA_PORT' : 'PORT'
}

/** Loads the demo world into an empty store, prints its logins and keeps its room on air. */
async function runDemo(app: App, { demoLogins, startDemo }: Demo): Promise<void> {
  const { identity, live } = app.slices
  const abort = new AbortController()
  undo.push(() => abort.abort())
  const { port } = app.address()
  await startDemo({
    baseUrl: `http://127.0.0.1:${port}`,
    rtmpPort: live.rtmpPort(),
    register: (person) => identity.register(person),
    grant: (grant) => identity.grant(grant),
    say,
    signal: abort.signal,
  })
  for (const line of demoLogins()) say(line)
}

process.on('SIGINT', () => void stop(0))
process.on('SIGTERM', () => void stop(0))
process.on('unhandledRejection', (error) => {
  // A bug, said aloud; but no forgotten promise of one request may end a show that thousands watch.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
})

start().catch((error: unknown) => {
  // What was cut off by Ctrl-C has nothing to say.
  if (stopping) return
  if (error instanceof StartRefusal) process.stderr.write(`${error.line}\n`)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return stop(1)
})
