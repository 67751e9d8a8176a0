import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Heap in use after everything that nobody holds is gone. */
export function heapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}
