/** An inspector's phone: a browser with a folder of its own that can be killed, on a line that can be cut. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { until } from './until.ts'

/** The line to the server: cut, nothing gets through, not even for a service worker. */
export interface Line {
  readonly baseUrl: string
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function openLine(port: number): Promise<Line> {
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(port, 'localhost')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => open.delete(socket))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    baseUrl: `http://localhost:${ownPort}`,
    cut: () => {
      isCut = true
      hangUp()
    },
    mend: () => {
      isCut = false
    },
    close: () =>
      new Promise((resolve) => {
        hangUp()
        server.close(() => resolve())
      }),
  }
}

/** What is kept of a phone between two starts of its browser. */
export interface Phone {
  /** Starts the browser on what the folder holds. */
  start(): Promise<Page>
  /** As when the battery falls out. */
  kill(): Promise<void>
  remove(): Promise<void>
}

export async function makePhone(): Promise<Phone> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-phone-'))
  let child: ChildProcess | undefined
  const kill = async () => {
    if (child === undefined) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    child = undefined
  }
  return {
    kill,
    async start() {
      const portFile = join(folder, 'DevToolsActivePort')
      await rm(portFile, { force: true })
      child = spawn(
        process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
        [
          ...[
            '--headless=new',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--accept-lang=zh-CN',
          ],
          ...[
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
            '--hide-crash-restore-bubble',
          ],
          ...['--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
        ],
        { stdio: 'ignore' },
      )
      const port = await until(
        'the browser of the phone listens',
        async () => /^(\d+)\n/.exec(await readFile(portFile, 'utf8').catch(() => ''))?.[1],
      )
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
      const [context] = browser.contexts()
      if (context === undefined) throw new Error('the browser of the phone has no window')
      context.setDefaultTimeout(20_000)
      const page = await context.newPage()
      await page.setViewportSize({ width: 390, height: 844 })
      return page
    },
    async remove() {
      await kill()
      // What the killed browser's children still write may come a moment later.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
