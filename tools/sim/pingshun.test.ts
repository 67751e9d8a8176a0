import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeHome } from '../start-testing.ts'
import { root } from '../test-steps.ts'
import { planEvening } from './evening-plan.ts'

const SIZE = { seed: 7, orders: 200, viewers: 100, buyers: 8, durationMs: 20_000 }

test('the same seed is the same evening', () => {
  assert.deepEqual(planEvening(SIZE), planEvening(SIZE))
  assert.notDeepEqual(planEvening(SIZE).orders, planEvening({ ...SIZE, seed: 8 }).orders)
})

/** Runs a script of ours to its end, or until it has printed what is waited for. */
function run(script: string, args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const heard = (chunk: Buffer) => {
    text += chunk
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  return { child, exit: once(child, 'exit'), text: () => text }
}

test('a small Pingshun evening against a started demo holds every invariant', { timeout: 240_000 }, async (t) => {
  const home = await makeHome()
  const server = run('apps/server/src/main.ts', [], {
    DATA_DIR: home.dataDir,
    PORT: String(home.port),
    RTMP_PORT: String(home.rtmpPort),
    PUBLIC_URL: '',
    DATABASE_URL: '',
    DEMO: '1',
  })
  t.after(async () => {
    server.child.kill('SIGTERM')
    await server.exit
    await home.remove()
  })
  while (!/^ready /m.test(server.text())) {
    assert.equal(server.child.exitCode, null, server.text())
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const size = ['--orders', '200', '--viewers', '100', '--buyers', '8', '--minutes', '0.4', '--seed', String(SIZE.seed)]
  const sim = run('tools/sim/main.ts', ['pingshun', '--base', `http://localhost:${home.port}`, ...size], {})
  const [code] = await sim.exit
  assert.equal(code, 0, sim.text())
  assert.match(sim.text(), /ok {5}no oversell/)
})
