import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onCore, SERVER_CORE } from './child-link.ts'
import { childrenOf } from './processor.ts'

/** Whether Debian's nginx is on this machine, with a module if one is named. */
export function hasNginx(modulePath?: string): boolean {
  return (modulePath === undefined || existsSync(modulePath)) && spawnSync('nginx', ['-v']).error === undefined
}

export interface Nginx {
  /** The process that serves. */
  readonly workerPid: number
  /** A folder for its files, gone when it stops. */
  readonly folder: string
  stop(): Promise<void>
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** What every configuration begins with. Started by root it would work as a user who may not enter the folder. */
const headOf = (folder: string) => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 19900;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
`

/** Starts nginx with one worker on the core of the servers; `configOf` gives what comes after the process's own settings. */
export async function startNginx(name: string, port: number, configOf: (folder: string) => string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), `chunbo-${name}-`))
  await writeFile(join(folder, 'nginx.conf'), `${headOf(folder)}${configOf(folder)}`)
  const [program, args] = onCore(SERVER_CORE, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')])
  const nginx = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(nginx, 'exit')
  const stop = async () => {
    nginx.kill('SIGTERM')
    await exit
    await rm(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 50; tries += 1) {
    if (await answers(port)) return { workerPid: childrenOf(nginx.pid ?? 0)[0] ?? 0, folder, stop }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop()
  throw new Error(`nginx for ${name} does not start`)
}
