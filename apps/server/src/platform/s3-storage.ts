import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { S3mini } from 's3mini'
import { bucketRefuses } from './start-refusal.ts'
import type { Storage } from './storage.ts'
import { requireStorageKey } from './storage-key.ts'

/** A bucket of an S3-compatible store, addressed by path (`endpoint/bucket/key`), as every one of them understands. */
export interface S3Place {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export interface S3Patience {
  /** From the request to its answer; a segment of 20 Mbit/s is 5 MB. */
  readonly requestMs: number
  readonly attempts: number
  readonly restMsMin: number
}

/** Together at most about 35 s, after which a recorder's queue is full anyway. */
const PATIENCE: S3Patience = { requestMs: 10_000, attempts: 4, restMsMin: 200 }
const REST_MS_MAX = 3_000
const REMOVED_AT_ONCE = 500

/**
 * Storage in a bucket. Every call may be repeated without harm: a put replaces the whole object by its key, and the store shows the old
 * or the new one. What the network or a busy store spoils is tried again with growing rests; a refusal is not.
 */
export function s3Storage(place: S3Place, patience: S3Patience = PATIENCE): Storage {
  const client = new S3mini({
    accessKeyId: place.accessKey,
    secretAccessKey: place.secretKey,
    endpoint: `${place.endpoint}/${place.bucket}`,
    region: place.region,
    requestAbortTimeout: patience.requestMs,
  })
  const patiently = <T>(run: () => Promise<T>) => tryAgain(run, patience)
  const orNull = <T>(run: () => Promise<T>) =>
    patiently(run).catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
  const list = (folder: string) => patiently(() => client.listObjects('/', `${folder}/`))
  return {
    async put(key, bytes) {
      requireStorageKey(key)
      const body = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
      await patiently(() => client.putObject(key, body))
    },
    async read(key) {
      requireStorageKey(key)
      return orNull(async () => Buffer.from(await (await client.getObjectRaw(key)).arrayBuffer()))
    },
    async stream(key, range) {
      requireStorageKey(key)
      const answer = await orNull(() =>
        range ? client.getObjectRaw(key, false, range.start, range.end + 1) : client.getObjectRaw(key),
      )
      if (!answer?.body) return null
      return { body: Readable.fromWeb(answer.body as ReadableStream), size: sizeIn(answer.headers) }
    },
    async size(key) {
      requireStorageKey(key)
      // A GET of nothing would do as well, but an empty object has no first byte.
      return orNull(() => client.getContentLength(key))
    },
    async list(folder) {
      requireStorageKey(folder)
      return ((await list(folder)) ?? []).map(({ Key }) => Key)
    },
    async remove(key) {
      requireStorageKey(key)
      const keys = [key, ...((await list(key)) ?? []).map(({ Key }) => Key)]
      for (let at = 0; at < keys.length; at += REMOVED_AT_ONCE) {
        await patiently(() => client.deleteObjects(keys.slice(at, at + REMOVED_AT_ONCE)))
      }
    },
    async freeBytes() {
      return null
    },
  }
}

/**
 * Tries a write at start. A bucket that says no is set up wrongly; one that does not answer may be back in a moment, and keeps nobody from
 * starting: gives false then. @throws StartRefusal
 */
export async function probeBucket(storage: Storage): Promise<boolean> {
  try {
    await storage.put('probe/start.txt', Buffer.from(new Date().toISOString()))
    return true
  } catch (error) {
    const status = statusOf(error)
    if (status !== null && status >= 400 && status < 500) throw bucketRefuses(status, error)
    return false
  }
}

/** Of the whole object: a range names it behind its slash. */
function sizeIn(headers: Headers): number {
  return Number(headers.get('content-range')?.split('/').at(1) ?? headers.get('content-length') ?? 0)
}

async function tryAgain<T>(run: () => Promise<T>, { attempts, restMsMin }: S3Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error
      const restMs = Math.min(restMsMin * 2 ** (attempt - 1), REST_MS_MAX)
      // A part of it by chance, so that many who failed at once do not come back at once.
      await new Promise((resolve) => setTimeout(resolve, restMs * (0.5 + Math.random() / 2)))
    }
  }
}

function statusOf(error: unknown): number | null {
  const { status, cause } = error as { status?: unknown; cause?: unknown }
  if (typeof status === 'number') return status
  return typeof cause === 'object' && cause !== null ? statusOf(cause) : null
}

/** Whether the same call may succeed a moment later: no answer came, or one that says "not now". */
function mayPass(error: unknown): boolean {
  const status = statusOf(error)
  return status === null || status >= 500 || status === 429 || status === 408
}
