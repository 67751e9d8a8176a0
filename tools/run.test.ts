/** run.mjs on a small project of its own: one package in a tarball, so that npm needs no network. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { root } from './test-steps.ts'

const project = mkdtempSync(join(tmpdir(), 'chunbo-run-'))
after(() => rmSync(project, { recursive: true }))
const packageFile = join(project, 'node_modules/seed/seed.js')
const lockFile = join(project, 'package-lock.json')

before(() => {
  const seed = join(project, 'seed')
  mkdirSync(seed)
  writeFileSync(join(seed, 'package.json'), '{"name":"seed","version":"1.0.0","main":"seed.js"}')
  writeFileSync(join(seed, 'seed.js'), 'exports.word = "sown"\n')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: seed })
  rmSync(seed, { recursive: true })
  const description = { name: 'field', version: '1.0.0', type: 'module', dependencies: { seed: 'file:seed-1.0.0.tgz' } }
  writeFileSync(join(project, 'package.json'), JSON.stringify(description))
  execFileSync('npm', ['install', '--package-lock-only', '--silent', '--offline'], { cwd: project })
  mkdirSync(join(project, 'tools'))
  for (const file of ['run.mjs', 'run-install.mjs']) cpSync(join(root, 'tools', file), join(project, 'tools', file))
  // What it runs tells what it was given, and waits for Ctrl-C when asked to.
  writeFileSync(
    join(project, 'tools/start.ts'),
    `import { word } from 'seed'
const [mode]: string[] = process.argv.slice(2)
if (mode === 'wait') {
  // Before the line that the test answers with Ctrl-C.
  process.on('SIGINT', () => { console.log('in order'); process.exit(0) })
  setInterval(() => {}, 1000)
}
console.log(\`\${word} \${mode}\`)
if (mode === 'fail') process.exit(7)`,
  )
})

interface Outcome {
  code: number | null
  output: string
}

function run(args: string[], onOutput: (output: string, interrupt: () => void) => void = () => {}): Promise<Outcome> {
  const child = spawn(process.execPath, [join(project, 'tools/run.mjs'), ...args], {
    env: { ...process.env, CHUNBO_SKIP_INSTALL: '' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString('utf8')
      onOutput(output, () => child.kill('SIGINT'))
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

test('it installs what is missing, then runs the tool and passes arguments and exit code on', async () => {
  const lock = readFileSync(lockFile, 'utf8')
  const first = await run(['start', 'fail'])
  assert.equal(first.code, 7)
  assert.match(first.output, /依赖已装好/)
  assert.match(first.output, /^sown fail$/m)
  const second = await run(['start', 'go'])
  assert.deepEqual(second, { code: 0, output: 'sown go\n' })
  assert.equal(readFileSync(lockFile, 'utf8'), lock)
})

test('a damaged package is seen and repaired', async () => {
  writeFileSync(packageFile, '')
  const repaired = await run(['start', 'go'])
  assert.equal(repaired.code, 0)
  assert.match(repaired.output, /^sown go$/m)
})

test('an install that was cut short is done again', async () => {
  // npm writes its own list of packages last, and we our stamp after it.
  rmSync(join(project, 'node_modules/.chunbo-lock'))
  rmSync(join(project, 'node_modules/.package-lock.json'))
  rmSync(packageFile)
  assert.match((await run(['start', 'go'])).output, /^sown go$/m)
  assert.ok(existsSync(packageFile))
})

test('what npm itself installed is taken as it is', async () => {
  rmSync(join(project, 'node_modules/.chunbo-lock'))
  assert.deepEqual(await run(['start', 'go']), { code: 0, output: 'sown go\n' })
})

test('of two that start at once on nothing, one installs and both run', async () => {
  rmSync(join(project, 'node_modules'), { recursive: true })
  const both = await Promise.all([run(['start', 'go']), run(['start', 'go'])])
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  )
  assert.equal(both.filter(({ output }) => output.includes('依赖已装好')).length, 1)
})

test('Ctrl-C reaches the tool once, and its exit code comes back', async () => {
  let sent = false
  const { code, output } = await run(['start', 'wait'], (text, interrupt) => {
    if (sent || !text.includes('sown wait')) return
    sent = true
    interrupt()
    // npm passes on the same Ctrl-C that the terminal has sent already.
    interrupt()
  })
  assert.equal(code, 0)
  assert.equal(output, 'sown wait\nin order\n')
})

test('an unknown command is named in one line', async () => {
  const { code, output } = await run(['harvest'])
  assert.equal(code, 1)
  assert.match(output, /^春播 chunbo: .*harvest.*\n$/)
})
