import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readFlv } from './flv.ts'
import { publishLoop } from './rtmp-publisher.ts'

const CLIP = fileURLToPath(new URL('./clip/peas.flv', import.meta.url))
const RETRY_MS = 3000
const RETRIES_MAX = 5

/**
 * Keeps the demo room on air: sends the clip over RTMP in a loop until the signal aborts. When the show is ended at the
 * desk the server closes the stream; after a few tries to come back it stays away.
 */
export async function broadcastClip(options: { port: number; streamKey: string; signal: AbortSignal }): Promise<void> {
  const tags = readFlv(await readFile(CLIP))
  for (let failures = 0; failures < RETRIES_MAX && !options.signal.aborted; failures++) {
    const startedMs = performance.now()
    await publishLoop({
      host: '127.0.0.1',
      port: options.port,
      app: 'live',
      streamKey: options.streamKey,
      tags,
      signal: options.signal,
    }).catch(() => {})
    if (performance.now() - startedMs > 60_000) failures = 0
    await sleep(RETRY_MS, undefined, { signal: options.signal }).catch(() => {})
  }
}
