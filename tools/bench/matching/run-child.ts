import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))
if (taskset === undefined) process.stderr.write('no taskset here: the runs are not pinned to one core\n')

/** Runs a script of this folder in a process of its own on one core, and gives the lines that it prints, as JSON. */
export async function runChild<Told>(script: string, args: readonly (string | number)[], core = 0): Promise<Told[]> {
  const own = [process.execPath, fileURLToPath(new URL(`./${script}`, import.meta.url)), ...args.map(String)]
  const [command = '', ...rest] = taskset === undefined ? own : [taskset, '-c', String(core), ...own]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  const [code] = await once(child, 'close')
  process.removeListener('exit', end)
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} failed`)
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
