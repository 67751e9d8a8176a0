import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignatureV4 } from '@smithy/signature-v4'
import type { S3Place } from '../s3-storage.ts'

/**
 * As much of S3 as our storage uses, in memory, for tests: put, get with a range, head, list (version 2, in pages), delete of many. Signatures
 * are judged by Amazon's own implementation, so a client that passes here signs as S3 wants it.
 */
export interface S3Server {
  readonly place: S3Place
  readonly objects: Map<string, Buffer>
  close(): Promise<void>
}

const PAGE_KEYS_MAX = 1_000
const CREDENTIALS = { accessKeyId: 'harvest-key', secretAccessKey: 'harvest-secret' }
const REGION = 'cn-north-1'
const BUCKET = 'harvest'

class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | Uint8Array | ArrayBuffer) {
    const key = secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  }
  update(data: Uint8Array): void {
    this.#hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {}
}

const signer = new SignatureV4({
  credentials: CREDENTIALS,
  region: REGION,
  service: 's3',
  sha256: Sha256 as ConstructorParameters<typeof SignatureV4>[0]['sha256'],
  uriEscapePath: false,
  applyChecksum: false,
})

/** Signs the request anew and compares. */
async function isSigned(request: IncomingMessage, url: URL): Promise<boolean> {
  const shown = request.headers.authorization ?? ''
  const names = /SignedHeaders=([a-z0-9;-]+)/.exec(shown)?.[1]?.split(';') ?? []
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(request.headers['x-amz-date'] ?? ''))
  if (!date || !names.includes('host')) return false
  const [year, month, day, hour, minute, second] = date.slice(1)
  const signed = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name] ?? '')])),
    },
    { signingDate: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) },
  )
  const [one, other] = [shown, String(signed.headers.authorization)].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

function list(objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): string {
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
  const max = Math.min(Number(query.get('max-keys') ?? PAGE_KEYS_MAX), PAGE_KEYS_MAX)
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).sort()
  const page = keys.slice(0, max)
  const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)?.length}</Size></Contents>`)
  const more = keys.length > max
  const next = more
    ? `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64')}</NextContinuationToken>`
    : ''
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${BUCKET}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
}

function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const [start, end] = from === undefined ? [0, bytes.length - 1] : [Number(from), Number(to || bytes.length - 1)]
  const part = bytes.subarray(start, end + 1)
  const range = from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${bytes.length}` }
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': part.length, ...range })
  response.end(request.method === 'HEAD' ? undefined : part)
}

async function answer(objects: Map<string, Buffer>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  if (!(await isSigned(request, url))) return refuse(response, 403, 'SignatureDoesNotMatch')
  const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent)
  const key = rest.join('/')
  if (bucket !== BUCKET) return refuse(response, 404, 'NoSuchBucket')
  if (request.method === 'GET' && key === '') {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(list(objects, url.searchParams))
    return
  }
  if (request.method === 'POST' && url.searchParams.has('delete')) {
    const deleted = [...body.toString().matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, name = '']) => name)
    for (const name of deleted) objects.delete(name)
    const told = deleted.map((name) => `<Deleted><Key>${name}</Key></Deleted>`).join('')
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0" encoding="UTF-8"?><DeleteResult>${told}</DeleteResult>`)
    return
  }
  if (request.method === 'PUT') {
    objects.set(key, body)
    response.writeHead(200).end()
    return
  }
  const bytes = objects.get(key)
  if (bytes) send(request, response, bytes)
  else refuse(response, 404, 'NoSuchKey')
}

/** A store with one empty bucket on a free port. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    answer(objects, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    objects,
    place: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: REGION,
      accessKey: CREDENTIALS.accessKeyId,
      secretKey: CREDENTIALS.secretAccessKey,
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
