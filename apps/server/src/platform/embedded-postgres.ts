/**
 * A real PostgreSQL beside Node, for whoever has none: made at the first start, found again at every later one. It runs
 * in a session of its own and so survives a Node that is killed; the next start then attaches to it. While Node runs, a
 * server that dies is started again at the same address. It listens on a Unix socket only, in a folder that no other
 * user can enter, and asks for a random password even there.
 */
import type { ChildProcess } from 'node:child_process'
import { realpath, rmdir } from 'node:fs/promises'
import { findPostgresBinaries } from './embedded-postgres-binaries.ts'
import {
  connectAsAdmin,
  makeCluster,
  openAccess,
  type PostgresAccess,
  prepareDatabase,
  writeSettings,
} from './embedded-postgres-cluster.ts'
import { findPostgresPlace, type PostgresPlace } from './embedded-postgres-place.ts'
import {
  clearStalePidFile,
  endServer,
  findRunningServer,
  isRunning,
  launchServer,
  type RunningServer,
  ServerDidNotStart,
} from './embedded-postgres-process.ts'
import { postgresSettings } from './postgres-settings.ts'
import { dataFolderFull, dataFolderRefusal, StartRefusal } from './start-refusal.ts'

export interface EmbeddedPostgres {
  /** For the program: owner of the database `chunbo`, not a superuser. Stays the same when the server is restarted. */
  readonly url: string
  /** For maintenance: the superuser. */
  readonly adminUrl: string
  /** Process id of the server that runs now. */
  readonly pid: number
  /** Whether the server was left running by a killed process and taken over as it was. */
  readonly attached: boolean
  /**
   * Ends the server. May be called more than once. It writes a checkpoint first if that takes no longer than `waitMsMax`
   * (3.5 s); else the next start replays its log.
   */
  stop(waitMsMax?: number): Promise<void>
  /** Lets go of the server without ending it. */
  detach(): void
}

export interface EmbeddedPostgresOptions {
  /** Existing folder; the cluster goes to its subfolder `postgres`, or where a note in it says. */
  dataDir: string
  log?: StartLog
  /** Hears what takes long, in Chinese and English. */
  onProgress?: (step: { zh: string; en: string }) => void
  /** Called when the server's process has begun and does not answer yet: a good moment for work of one's own. */
  onLaunched?: () => void
  /** Called once when the server died and could not be started again. */
  onLost?: (error: Error) => void
  /** Overrides of postgresSettings, for tests and benchmarks. */
  settings?: Record<string, string>
  /** Ends a start that is under way: it then leaves nothing running and throws. */
  signal?: AbortSignal
}

/** The part of a pino logger that is used here. */
export interface StartLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const silent: StartLog = { info() {}, warn() {}, error() {} }
const stopWaitMs = 3500
const watchEveryMs = 250
const restartsMaxPerMinute = 5

/**
 * Starts the PostgreSQL of a data folder, or attaches to the one that a killed process left there. The caller must hold
 * the data folder (`openDataFolder`). Throws StartRefusal.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await realpath(options.dataDir)
  let supervisor: Supervisor | undefined
  try {
    const place = await findPostgresPlace(dataDir)
    const binaries = await findPostgresBinaries(place.owner, place.copyParent)
    const access = await openAccess(place)
    await makeCluster(place, binaries, access, options.signal, () => {
      options.onProgress?.({ zh: '正在建立数据库', en: 'Making the database cluster' })
    })
    const settings = { ...postgresSettings(), ...options.settings }
    supervisor = new Supervisor(place, binaries.postgres, access, options)
    await supervisor.begin(await writeSettings(place, access, settings), binaries.version)
    await prepareDatabase(access)
    options.signal?.throwIfAborted()
    supervisor.watch()
    return supervisor
  } catch (error) {
    await supervisor?.stop()
    throw explain(error, dataDir)
  }
}

/** One server of one cluster over the life of this process. */
class Supervisor implements EmbeddedPostgres {
  readonly url: string
  readonly adminUrl: string
  attached = false
  readonly #place: PostgresPlace
  readonly #program: string
  readonly #access: PostgresAccess
  readonly #log: StartLog
  readonly #options: EmbeddedPostgresOptions
  #server: RunningServer | undefined
  #child: ChildProcess | undefined
  #watch: NodeJS.Timeout | undefined
  #restarting: Promise<void> | undefined
  #restartTimes: number[] = []
  #stopped = false

  constructor(place: PostgresPlace, program: string, access: PostgresAccess, options: EmbeddedPostgresOptions) {
    this.#place = place
    this.#program = program
    this.#access = access
    this.#options = options
    this.#log = options.log ?? silent
    this.url = access.url
    this.adminUrl = access.adminUrl
  }

  get pid(): number {
    return this.#server?.pid ?? 0
  }

  /** Attaches to a server with the same settings and version; ends any other one that was left behind; starts. */
  async begin(settingsChanged: boolean, version: string): Promise<void> {
    const left = findRunningServer(this.#place)
    if (left !== undefined) {
      if (!settingsChanged && left.status === 'ready' && (await this.#answers(version))) {
        this.#server = left
        this.attached = true
        this.#log.info({ pid: left.pid }, 'attached to the PostgreSQL that a killed process left running')
        return
      }
      this.#log.info({ pid: left.pid, status: left.status }, 'ending the PostgreSQL that a killed process left running')
      this.#options.onProgress?.({ zh: '正在停止上次留下的数据库', en: 'Ending the database left by the last run' })
      await endServer(left, 30_000)
    }
    await this.#launch()
  }

  /** Looks after the server: one that dies without our doing is started again, at the same address. */
  watch(): void {
    this.#watch = setInterval(() => {
      if (this.#stopped || this.#restarting !== undefined || this.#server === undefined || isRunning(this.#server))
        return
      this.#restarting = this.#restart().finally(() => {
        this.#restarting = undefined
      })
    }, watchEveryMs)
    this.#watch.unref()
  }

  async stop(waitMsMax = stopWaitMs): Promise<void> {
    this.detach()
    await this.#restarting
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    await endServer(server, waitMsMax)
    // A folder for the socket that is not beside the cluster would lie in the shared folder for ever.
    if (!this.#access.socketDir.startsWith(this.#place.folder))
      await rmdir(this.#access.socketDir).catch(() => undefined)
  }

  detach(): void {
    this.#stopped = true
    clearInterval(this.#watch)
  }

  async #launch(): Promise<void> {
    await clearStalePidFile(this.#place)
    const { signal } = this.#options
    const launching = launchServer(this.#place, this.#program, signal, (waitedMs) => {
      const seconds = Math.round(waitedMs / 1000)
      this.#options.onProgress?.({
        zh: `数据库正在恢复，已 ${seconds} 秒`,
        en: `The database is recovering, ${seconds} s so far`,
      })
    })
    this.#options.onLaunched?.()
    const { child, server } = await launching
    this.#child = child
    this.#server = server
  }

  async #restart(): Promise<void> {
    const now = Date.now()
    this.#restartTimes = [...this.#restartTimes.filter((time) => now - time < 60_000), now]
    const ended = { pid: this.pid, exitCode: this.#child?.exitCode ?? null, signal: this.#child?.signalCode ?? null }
    try {
      if (this.#restartTimes.length > restartsMaxPerMinute) throw new Error('PostgreSQL dies again and again')
      this.#log.error(ended, 'PostgreSQL died; starting it again')
      await this.#launch()
    } catch (error) {
      this.detach()
      this.#log.error({ err: error }, 'PostgreSQL could not be started again')
      this.#options.onLost?.(error instanceof Error ? error : new Error(String(error)))
    }
  }

  async #answers(version: string): Promise<boolean> {
    try {
      const client = await connectAsAdmin(this.#access)
      try {
        const { rows } = await client.query<{ server_version: string }>('show server_version')
        return rows[0]?.server_version === version
      } finally {
        await client.end()
      }
    } catch {
      return false
    }
  }
}

function explain(error: unknown, dataDir: string): unknown {
  if (error instanceof StartRefusal) return error
  const text = error instanceof Error ? error.message : ''
  if (/No space left on device|Disk quota exceeded/.test(text)) return dataFolderFull(dataDir, undefined, error)
  if (error instanceof ServerDidNotStart) {
    return new StartRefusal(
      'database.did_not_start',
      `内置数据库未能启动：${text}；详见数据目录中的 postgres.log`,
      `the embedded database did not start: ${text}; see postgres.log in the data folder`,
      { cause: error },
    )
  }
  return dataFolderRefusal(error, dataDir) ?? error
}
