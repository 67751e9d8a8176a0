/**
 * Builds the web app into apps/web/dist when the sources are not those of the last build. The stamp beside the built
 * files is a hash of everything that goes into them; it is written into a folder aside, which then takes the place of
 * the old one, so that a build that was cut short is never served.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitForFileLock } from '../apps/server/src/platform/file-lock.ts'
import { StartRefusal } from '../apps/server/src/platform/start-refusal.ts'
import { precompress } from './precompress.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const web = join(root, 'apps/web')
const dist = join(web, 'dist')
const buildWaitMsMax = 300_000

type Say = (zh: string, en: string) => void

/** Builds if stale; `say` hears what happens. Throws StartRefusal when the build fails. Gives whether it built. */
export async function buildWebIfStale(say: Say): Promise<boolean> {
  const hash = await sourcesHash()
  if (await isBuilt(hash)) return false
  await mkdir(join(root, '.cache'), { recursive: true })
  const lock = await waitForFileLock(join(root, '.cache/web-build.lock'), buildWaitMsMax)
  try {
    if (await isBuilt(hash)) return false
    await build(hash, say)
    return true
  } finally {
    lock.release()
  }
}

async function isBuilt(hash: string): Promise<boolean> {
  const stamp = await readFile(join(dist, '.stamp'), 'utf8').catch(() => '')
  return stamp === hash && existsSync(join(dist, 'index.html'))
}

async function sourcesHash(): Promise<string> {
  const files = [
    ...(await filesBelow(web)),
    ...(await filesBelow(join(root, 'packages/contract'))),
    join(root, 'package-lock.json'),
  ]
  const hash = createHash('sha256')
  const contents = await Promise.all(files.sort().map((file) => readFile(file)))
  files.forEach((file, index) => {
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(contents[index] ?? '')
  })
  return hash.digest('hex')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lists = entries.map(async (entry): Promise<string[]> => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesBelow(path)
    // Tests are no part of the app.
    return /\.test\.ts$/.test(entry.name) ? [] : [path]
  })
  return (await Promise.all(lists)).flat()
}

async function build(hash: string, say: Say): Promise<void> {
  const aside = join(root, '.cache/web-new')
  const old = join(root, '.cache/web-old')
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(0)
  say('正在构建网页…', 'building the web app')
  const progress = setInterval(() => say(`正在构建网页 ${seconds()} 秒`, `building the web app, ${seconds()} s`), 5000)
  try {
    await rm(aside, { recursive: true, force: true })
    await runVite(aside)
    await precompress(aside)
    await writeFile(join(aside, '.stamp'), hash)
    await rm(old, { recursive: true, force: true })
    if (existsSync(dist)) await rename(dist, old)
    await rename(aside, dist)
    await rm(old, { recursive: true, force: true })
  } finally {
    clearInterval(progress)
  }
  say(`网页已构建，用时 ${seconds()} 秒`, `web app built in ${seconds()} s`)
}

/** Runs the build in a process of its own, whose memory is then free again, and ends it when this one is asked to end. */
async function runVite(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: web,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const stop = () => {
    child.kill('SIGKILL')
    process.exit(130)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const { code, output } = await finished(child)
    if (code === 0) return
    process.stderr.write(output)
    throw new StartRefusal(
      'web.build_failed',
      '网页构建失败，原因见上',
      'the web app could not be built; the reason stands above',
    )
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

async function finished(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  child.stdout?.on('data', (data) => {
    output += String(data)
  })
  child.stderr?.on('data', (data) => {
    output += String(data)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, output }
}
