/** What the tests need from the machine: a browser, ffmpeg, GStreamer, Redis, nginx and a font for Chinese, from Debian's packages. */
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Need {
  package: string
  found(): boolean
}

const needs: readonly Need[] = [
  { package: 'chromium', found: () => inPath('chromium') },
  { package: 'ffmpeg', found: () => inPath('ffmpeg') },
  { package: 'gstreamer1.0-tools', found: () => inPath('gst-launch-1.0') },
  { package: 'gstreamer1.0-plugins-good', found: () => hasGstreamer('flv') },
  { package: 'gstreamer1.0-plugins-bad', found: () => hasGstreamer('rtmp2') },
  { package: 'gstreamer1.0-plugins-ugly', found: () => hasGstreamer('x264') },
  { package: 'redis-server', found: () => inPath('redis-server') },
  { package: 'nginx-light', found: () => inPath('nginx') || existsSync('/usr/sbin/nginx') },
  { package: 'fonts-noto-cjk', found: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
]

/** Installs what is missing when root on Debian; otherwise says which command to run and ends the process. */
export async function prepareMachine(say: (line: string) => void): Promise<void> {
  const missing = needs.filter((need) => !need.found()).map((need) => need.package)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !inPath('apt-get')) {
    say(`测试缺少软件包：请先执行 sudo ${command} / packages are missing for the tests: first run sudo ${command}`)
    process.exit(1)
  }
  await runShown('apt-get', ['update', '-q'], say)
  await runShown('apt-get', command.split(' ').slice(1), say)
  const still = needs.filter((need) => !need.found()).map((need) => need.package)
  if (still.length > 0) {
    say(`未能装上 ${still.join(' ')} / could not install ${still.join(' ')}`)
    process.exit(1)
  }
}

/** Runs a command, showing every few seconds that it goes on and the line it is at; shows all of it when it fails. */
async function runShown(command: string, args: string[], say: (line: string) => void): Promise<void> {
  const started = performance.now()
  say(`正在安装测试所需软件 / installing for the tests: ${command} ${args.join(' ')}`)
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  let output = ''
  const keep = (data: Buffer) => {
    output += data.toString('utf8')
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const stop = () => {
    child.kill('SIGTERM')
    process.exit(130)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const progress = setInterval(() => {
    const last = output.trimEnd().split('\n').at(-1) ?? ''
    say(`  ${Math.round((performance.now() - started) / 1000)} s: ${last.slice(0, 100)}`)
  }, 10_000)
  const code = await new Promise((resolve) => child.once('error', () => resolve(1)).once('close', resolve))
  clearInterval(progress)
  process.off('SIGINT', stop).off('SIGTERM', stop)
  if (code === 0) return
  say(output)
  say(`${command} 失败，原因见上 / ${command} failed; the reason stands above`)
  process.exit(1)
}

function inPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Whether a plugin of GStreamer is there; libraries stand in a folder named after the machine's architecture. */
function hasGstreamer(plugin: string): boolean {
  return readdirSync('/usr/lib').some((folder) => existsSync(`/usr/lib/${folder}/gstreamer-1.0/libgst${plugin}.so`))
}
