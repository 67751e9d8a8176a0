/**
 * What every npm script calls: `node tools/run.mjs start|test|bench|check|match|sim|fuzz|soak ...`. It runs on any Node of 18 or newer,
 * before anything is installed; it brings node_modules into order and then runs the tool with Node 24, which comes
 * from npm too. It is therefore plain JavaScript without a dependency.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bringDependencies, root, shippedNode } from './run-install.mjs'

const tools = {
  start: 'tools/start.ts',
  test: 'tools/test.ts',
  check: 'tools/check.ts',
  bench: 'tools/bench/main.ts',
  match: 'tools/match.ts',
  sim: 'tools/sim/main.ts',
  fuzz: 'tools/fuzz.ts',
  soak: 'tools/soak.ts',
}
/**
 * For the server: the space for young objects, in MB a half. An order lives for as long as its batch, and whatever lives when that space is full is
 * copied: with 16 MB a sale of 5,000 orders a second spent 17 to 20 % of its time on that, and fell behind where it now has a quarter to spare. It costs
 * 128 MB once, whatever the number of viewers.
 */
const serverFlags = ['--min-semi-space-size=64', '--max-semi-space-size=64']
/** Ctrl-C has 5 s; what is left of the children then is killed. */
const stopWaitMs = 4800
/** A terminal sends Ctrl-C to npm and to us, and npm passes it on: within this time it is still the same one. */
const sameSignalMs = 1000

function refuse(zh, en) {
  process.stderr.write(`春播 chunbo: ${zh} / ${en}\n`)
  process.exit(1)
}

/** A Node that runs TypeScript as it is: the one from npm, else this very one if it is new enough. */
function findNode() {
  const shipped = join(root, shippedNode)
  if (existsSync(shipped)) return shipped
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return refuse(
    `本机没有 Node 24（现为 ${process.version}），npm 也未能装上：请安装 Node 24，或删除 node_modules 后重试`,
    `no Node 24 here (this is ${process.version}) and npm brought none: install Node 24, or delete node_modules and try again`,
  )
}

function run(node, tool, args) {
  // A group of its own: Ctrl-C then reaches the tool once, from here, and not a second time from the terminal.
  const flags = tool === tools.start ? serverFlags : []
  const child = spawn(node, [...flags, join(root, tool), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      // Compiled modules are kept between runs: 0.6 s of 1.3 s of processor time at every start.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.cache', 'compile'),
      PATH: `${dirname(node)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
    },
  })
  let stoppedAt = 0
  let interrupted = false
  const killGroup = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // Nothing of the group is left.
    }
  }
  const stop = (signal) => {
    if (stoppedAt !== 0) {
      if (Date.now() - stoppedAt > sameSignalMs) killGroup()
      return
    }
    stoppedAt = Date.now()
    interrupted = signal === 'SIGINT'
    child.kill(signal)
    setTimeout(killGroup, stopWaitMs).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal))
  watchParent(() => stop('SIGTERM'))
  child.on('error', (error) => refuse(`无法启动 ${node}（${error.message}）`, `cannot run ${node} (${error.message})`))
  child.on('exit', (code, signal) => {
    killGroup()
    if (signal !== null) process.exit(interrupted ? 130 : 1)
    process.exit(code ?? 1)
  })
}

/** An npm that was killed passes no signal on. Its script must not go on alone, holding the port and the data. */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined || process.ppid === 1) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    onGone()
  }, 500)
  watch.unref()
}

const [name = '', ...args] = process.argv.slice(2)
const tool = Object.hasOwn(tools, name) ? tools[name] : undefined
if (tool === undefined || !existsSync(join(root, tool))) {
  refuse(`没有“${name}”这个命令`, `there is no command "${name}"; there are ${Object.keys(tools).join(', ')}`)
}
if (process.env.CHUNBO_SKIP_INSTALL !== '1') await bringDependencies(refuse)
run(findNode(), tool, args)
