/**
 * A load that never sleeps. When a frame arrives for a process that waits, the kernel wakes it within the sender's call, and on a virtual machine
 * waking another core costs more than the write itself; in a network it is not the server that wakes a viewer's phone. So the load
 * looks for new work all the time, on its own core, and nobody has to wake it.
 */

/** A turn of the loop that takes no longer did nothing. */
const IDLE_TURN_US = 8
let idleUs = 0
let isAwake = false

/** Keeps this process awake from now on. Only where it has a core to itself. */
export function stayAwake(): void {
  if (isAwake) return
  isAwake = true
  let lastUs = performance.now() * 1000
  function turn(): void {
    const us = performance.now() * 1000
    if (us - lastUs < IDLE_TURN_US) idleUs += us - lastUs
    lastUs = us
    setImmediate(turn)
  }
  turn()
}

/** µs of processor time that this process has worked so far: what it used, less the turns in which it looked in vain. */
export function workedUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system - idleUs
}
