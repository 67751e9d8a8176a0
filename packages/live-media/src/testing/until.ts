import assert from 'node:assert/strict'

const pollMs = 5
const deadlineMs = 5_000

/** Waits for a condition that no event tells of. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const startedMs = performance.now()
  while (!holds()) {
    assert.ok(performance.now() - startedMs < deadlineMs, `waited too long until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
