import { PUBLISH_FLAG_KEY, PUBLISH_HEAD_BYTES, PUBLISH_VERSION, type PublishHello } from '@chunbo/contract/publish'

/** What a browser says on the publishing socket, for tests. */

export function helloText(change: Partial<PublishHello> = {}): string {
  const session = 'tests-tests-tests-test'
  return JSON.stringify({ t: 'hello', v: PUBLISH_VERSION, session, format: 'frames', encoder: 'tests', ...change })
}

export function publishMessage(kind: number, data: Buffer, head: { key?: boolean; dtsUs?: number } = {}): Buffer {
  const message = Buffer.alloc(PUBLISH_HEAD_BYTES + data.length)
  message.writeUInt8(kind, 0)
  message.writeUInt8(head.key ? PUBLISH_FLAG_KEY : 0, 1)
  message.writeBigInt64BE(BigInt(head.dtsUs ?? 0), 4)
  data.copy(message, PUBLISH_HEAD_BYTES)
  return message
}
