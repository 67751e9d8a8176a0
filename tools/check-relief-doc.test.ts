import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

test('docs/relief.md draws the stages as the code has them', () => {
  const tool = fileURLToPath(new URL('./relief-doc.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [tool, '--check'], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})
