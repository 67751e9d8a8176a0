import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SAMPLE = fileURLToPath(new URL('../../../../../docs/nginx/chunbo.conf', import.meta.url))

/** One line of what nginx did: path with its query, status, and whether the origin was asked (MISS, HIT, ...; `-` where nothing is cached). */
export interface FrontLine {
  readonly uri: string
  readonly status: number
  readonly cache: string
  /** Seconds from the request to the end of the answer. */
  readonly seconds: number
}

/** Debian's nginx with the sample configuration of the documentation, its ports and its folder changed and nothing else. */
export interface NginxFront {
  readonly url: string
  lines(): Promise<FrontLine[]>
  close(): Promise<void>
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

function replaceOnce(text: string, before: string, after: string): string {
  const parts = text.split(before)
  if (parts.length !== 2) throw new Error(`the sample has ${before} ${parts.length - 1} times`)
  return parts.join(after)
}

export async function startNginxFront(serverPort: number, mediaPort: number): Promise<NginxFront> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-nginx-'))
  const port = await freePort()
  let site = await readFile(SAMPLE, 'utf8')
  site = replaceOnce(site, '/var/cache/nginx/chunbo', `${folder}/cache`)
  site = replaceOnce(site, 'server 127.0.0.1:4870;', `server 127.0.0.1:${serverPort};`)
  site = replaceOnce(site, 'server 127.0.0.1:4880;', `server 127.0.0.1:${mediaPort};`)
  site = replaceOnce(site, '    listen 80;', `    listen 127.0.0.1:${port};`)
  await writeFile(join(folder, 'site.conf'), site)
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${folder}/pid; error_log ${folder}/error.log warn; worker_processes 1;
    events { worker_connections 4096; }
    http {
      ${temps}
      log_format front '$request_uri $status $upstream_cache_status $request_time';
      access_log ${folder}/access.log front;
      include ${folder}/site.conf;
    }`,
  )
  const child = spawn(
    existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const url = `http://127.0.0.1:${port}`
  while (
    !(await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    async lines() {
      const log = await readFile(join(folder, 'access.log'), 'utf8')
      return log.split('\n').flatMap((line) => {
        const [uri = '', status, cache = '', seconds] = line.split(' ')
        return uri === '' ? [] : [{ uri, status: Number(status), cache, seconds: Number(seconds) }]
      })
    },
    async close() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
