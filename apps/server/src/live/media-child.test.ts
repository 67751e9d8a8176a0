import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createLog } from '../platform/log.ts'
import { createMediaChild, type Listening, type MediaChild, type MediaChildOptions } from './media-child.ts'
import { forkMediaProcess } from './media-fork.ts'
import { mediaPidsOf, runs } from './testing/media-pids.ts'
import { plainSettings } from './testing/media-settings.ts'

/** Real media processes: killed, hanging, without a port, without a parent. */

const PARENT = fileURLToPath(new URL('./testing/media-parent.ts', import.meta.url))
const recordingsDir = join(tmpdir(), 'chunbo-media-child-nothing-is-recorded')

interface Kept {
  readonly child: MediaChild
  readonly listening: Listening[]
  gone: number
}

function keep(rtmpPort = 0, more: Partial<MediaChildOptions> = {}): Kept {
  const kept: Kept = {
    listening: [],
    gone: 0,
    child: createMediaChild({
      settings: () => plainSettings(recordingsDir, kept.listening[0]?.rtmpPort ?? rtmpPort),
      log: createLog('silent'),
      onListening: (listening) => kept.listening.push(listening),
      onWord: () => {},
      onGone: () => {
        kept.gone += 1
      },
      ...more,
    }),
  }
  after(() => kept.child.close())
  return kept
}

async function until(what: string, holds: () => boolean, waitMs = 15_000): Promise<void> {
  const deadlineMs = performance.now() + waitMs
  while (!holds()) {
    assert.ok(performance.now() < deadlineMs, `waited too long until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('one that is killed is started again on its port, one that is asked to end stays away', async () => {
  const kept = keep()
  await kept.child.start()
  const [pid = 0] = mediaPidsOf(process.pid)
  process.kill(pid, 'SIGKILL')
  await until('it listens again', () => kept.listening.length === 2)
  assert.equal(kept.gone, 1)
  assert.equal(kept.listening[1]?.rtmpPort, kept.listening[0]?.rtmpPort)
  assert.notDeepEqual(mediaPidsOf(process.pid), [pid])
  await kept.child.close()
  assert.deepEqual(mediaPidsOf(process.pid), [])
  assert.equal(kept.child.send({ kind: 'close' }), false)
})

test('one that hangs is killed and started again', async () => {
  const kept = keep(0, { silentTicksMax: 2 })
  await kept.child.start()
  const [pid = 0] = mediaPidsOf(process.pid)
  process.kill(pid, 'SIGSTOP')
  await until('it listens again', () => kept.listening.length === 2)
  assert.equal(runs(pid), false)
  await kept.child.close()
})

test('one that was forked earlier is taken for the first start, and another when it died meanwhile', async () => {
  const forked = forkMediaProcess()
  const kept = keep(0, { forked })
  await kept.child.start()
  assert.deepEqual(mediaPidsOf(process.pid), [forked.pid])
  await kept.child.close()
  const dead = forkMediaProcess()
  dead.kill('SIGKILL')
  await once(dead, 'exit')
  const second = keep(0, { forked: dead })
  await second.child.start()
  assert.equal(second.listening.length, 1)
  assert.equal(second.gone, 0)
  await second.child.close()
  const unused = forkMediaProcess()
  await keep(0, { forked: unused }).child.close()
  await once(unused, 'exit')
  assert.deepEqual(mediaPidsOf(process.pid), [])
})

test('one whose parent is killed ends by itself', async () => {
  const parent = spawn(process.execPath, [PARENT, recordingsDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
  assert.match(line, /^listening \d+$/)
  const [pid = 0] = mediaPidsOf(parent.pid ?? 0)
  assert.ok(runs(pid))
  parent.kill('SIGKILL')
  await until('the orphan is gone', () => !runs(pid))
})

test('a port that another program holds is told by code and number', async () => {
  const other = createServer().listen(0)
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const kept = keep(port)
  await assert.rejects(kept.child.start(), { code: 'EADDRINUSE', port })
  other.close()
  await kept.child.close()
})
