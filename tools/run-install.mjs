/**
 * Brings node_modules to what package-lock.json says. A stamp in node_modules names the lock file that was installed and
 * the files and bytes of each package, so that an install that was cut short, or a package that was damaged later, is
 * seen and repaired at the next start; looking takes about 0.15 s. The lock file itself is never written.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.chunbo-lock')
/** The Node that comes with our dependencies, from a project's root. */
export const shippedNode = `node_modules/node-${process.platform}-${process.arch}/bin/node`
const nodeProject = join(root, '.cache', 'node24')
const lockFolder = join(root, '.cache')
const lockFile = join(lockFolder, 'install.pid')

/** Installs what is missing. `refuse(zh, en)` ends the process with one line. */
export async function bringDependencies(refuse) {
  if (isFresh()) return
  await waitForTurn()
  // Another start may have installed meanwhile; and a person's own npm install needs only the stamp.
  const failure = isFresh() || adoptInstall() ? undefined : await install()
  releaseTurn()
  if (failure !== undefined) refuse(`依赖安装失败：${failure}`, `npm ci failed: ${failure}`)
}

async function install() {
  rmSync(stampFile, { force: true })
  const failure = await npmCi()
  if (failure === undefined) writeStamp()
  return failure
}

/** Under a lock file that the stamp knows, a difference is damage; under a new one npm itself may have installed it. */
function adoptInstall() {
  if (readStamp()?.lock === lockHash() || !installedByNpm()) return false
  writeStamp()
  return true
}

function isFresh() {
  const stamp = readStamp()
  return stamp !== undefined && stamp.lock === lockHash() && stamp.packages === packagesDigest()
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return undefined
  }
}

function writeStamp() {
  const stamp = JSON.stringify({ lock: lockHash(), packages: packagesDigest() })
  writeFileSync(`${stampFile}.new`, stamp)
  renameSync(`${stampFile}.new`, stampFile)
}

/** One digest over the number of files and bytes of each package; caches of tools (folders with a dot) do not count. */
function packagesDigest() {
  const digest = createHash('sha256')
  for (const entry of readdirSync(modules, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || !entry.isDirectory()) continue
    const total = { files: 0, bytes: 0 }
    measure(join(modules, entry.name), total)
    digest.update(`${entry.name} ${total.files} ${total.bytes}\n`)
  }
  return digest.digest('hex')
}

function measure(folder, total) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) measure(path, total)
    else if (entry.isFile()) {
      total.files += 1
      total.bytes += statSync(path).size
    }
  }
}

/**
 * Whether npm itself finished an install of this very lock file: it then leaves a list of what it installed, in which
 * nothing of the lock file may be missing but the optional packages of other platforms.
 */
function installedByNpm() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const got = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages
    const fits = Object.entries(wanted).every(([path, entry]) => {
      if (path === '' || !path.startsWith('node_modules/')) return true
      const found = got[path]
      if (found === undefined) return (entry.optional === true || entry.devOptional === true) && !isForHere(entry)
      return found.version === entry.version && found.integrity === entry.integrity
    })
    return fits && Object.keys(got).every((path) => wanted[path] !== undefined && exists(join(root, path)))
  } catch {
    return false
  }
}

/** Whether an optional package names this platform. npm leaves one out without a word when it dislikes the Node it runs on. */
function isForHere(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false
  const libc = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  const allows = (list, value) => list === undefined || [list].flat().includes(value)
  return (
    allows(entry.os, process.platform) &&
    allows(entry.cpu, process.arch) &&
    (process.platform !== 'linux' || allows(entry.libc, libc))
  )
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/**
 * Runs `npm ci`, showing every few seconds that it goes on. Gives undefined, or the line that says what failed. npm
 * must run on Node 24, else it leaves out optional packages that ask for a newer Node than the machine's.
 */
async function npmCi() {
  const started = Date.now()
  const say = (zh, en) => process.stdout.write(`${zh} / ${en}\n`)
  const seconds = () => Math.round((Date.now() - started) / 1000)
  say(
    '正在安装依赖（约 600 MB，首次需联网）…',
    'installing dependencies (about 600 MB, from the network the first time)',
  )
  const heartbeat = setInterval(() => utimesSync(lockFile, new Date(), new Date()), 1000)
  const progress = setInterval(() => {
    const { done, of } = countPackages()
    say(`正在安装依赖 ${seconds()} 秒，${done}/${of} 个包`, `installing, ${seconds()} s, ${done} of ${of} packages`)
  }, 5000)
  try {
    let node = process.execPath
    if (Number(process.versions.node.split('.')[0]) < 24) {
      say(`本机 Node 为 ${process.version}，先取得 Node 24…`, `this is Node ${process.version}, fetching Node 24 first`)
      const failure = await runNpm(process.execPath, layOutNodeProject())
      if (failure !== undefined) return failure
      node = join(nodeProject, shippedNode)
    }
    const failure = await runNpm(node, root)
    if (failure === undefined && !installedByNpm()) return 'npm left packages out; is the network complete?'
    if (failure === undefined) say(`依赖已装好，用时 ${seconds()} 秒`, `dependencies installed in ${seconds()} s`)
    return failure
  } finally {
    clearInterval(heartbeat)
    clearInterval(progress)
    rmSync(nodeProject, { recursive: true, force: true })
  }
}

/** A project with Node 24 as its only dependency, in the version and with the checksum of our own lock file. */
function layOutNodeProject() {
  const path = dirname(dirname(shippedNode))
  const entry = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[path]
  const project = { name: 'node', version: '1.0.0', dependencies: { [path.slice(13)]: entry?.version ?? '24' } }
  rmSync(nodeProject, { recursive: true, force: true })
  mkdirSync(nodeProject, { recursive: true })
  writeFileSync(join(nodeProject, 'package.json'), JSON.stringify(project))
  const packages = { '': project, [path]: { ...entry, optional: undefined } }
  writeFileSync(join(nodeProject, 'package-lock.json'), JSON.stringify({ ...project, lockfileVersion: 3, packages }))
  return nodeProject
}

/** One `npm ci` in a folder, run by the given Node. Ends with it on Ctrl-C. */
function runNpm(node, cwd) {
  const fromNpm = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
  // Install scripts are left out: no package of ours needs one, and each could do anything to the machine.
  const args = ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const [command, commandArgs] = fromNpm === undefined ? ['npm', args] : [node, [fromNpm, ...args]]
  return new Promise((resolve) => {
    let errors = ''
    const child = spawn(command, commandArgs, { cwd, stdio: ['ignore', 'ignore', 'pipe'], env: cleanEnv(node) })
    const onSignal = (signal) => {
      child.kill(signal)
      releaseTurn()
      process.exit(130)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, onSignal)
    child.stderr.on('data', (data) => {
      errors = (errors + data).slice(-20_000)
    })
    const finish = (failure) => {
      for (const signal of signals) process.off(signal, onSignal)
      resolve(failure)
    }
    child.on('error', (error) => finish(error.message))
    child.on('exit', (code) => finish(code === 0 ? undefined : reasonIn(errors)))
  })
}

/** npm started by npm inherits settings by environment; `npm start --omit=dev` or a dry run must not reach the install. */
function cleanEnv(node) {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` }
  for (const name of [
    'npm_config_local_prefix',
    'npm_config_omit',
    'npm_config_include',
    'npm_config_dry_run',
    'npm_config_global',
    'NODE_ENV',
  ])
    delete env[name]
  return env
}

function countPackages() {
  const of = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).filter(
    ([path, entry]) => path.startsWith('node_modules/') && !entry.optional && !entry.link,
  )
  return { done: of.filter(([path]) => exists(join(root, path, 'package.json'))).length, of: of.length }
}

function reasonIn(errors) {
  const lines = errors.split('\n').map((line) => line.replace(/^npm (?:error|ERR!)\s*/, '').trim())
  const told = lines.filter((line) => line !== '' && !/^A complete log|^code |debug-\d/.test(line))
  return (told[0] ?? 'no reason given').slice(0, 300)
}

/** One install at a time: the file names the process that installs, which touches it every second. */
async function waitForTurn() {
  mkdirSync(lockFolder, { recursive: true })
  for (let told = false; ; ) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = Number(readIfThere(lockFile))
    if (isLeftBehind(holder)) rmSync(lockFile, { force: true })
    else if (!told) {
      told = true
      process.stdout.write(`等待另一个安装（进程 ${holder}）… / waiting for another install (process ${holder})\n`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100))
  }
}

/** Killed, or so long without a touch that the pid must belong to somebody else by now. */
function isLeftBehind(holder) {
  const touchedMs = statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  if (Date.now() - touchedMs > 60_000) return true
  return holder > 0 && !isAlive(holder)
}

function releaseTurn() {
  if (Number(readIfThere(lockFile)) === process.pid) rmSync(lockFile, { force: true })
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
