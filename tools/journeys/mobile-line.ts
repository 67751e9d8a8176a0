/** The line of a phone to the server, which can be broken: in a tunnel nothing comes through, and nobody says so. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface MobileLine {
  /** What the phone opens. */
  readonly url: string
  /** From now on nothing comes through, on connections that are open and on new ones. */
  enterTunnel(): void
  /** What was open is gone for good; what is opened now works. */
  leaveTunnel(): void
  close(): Promise<void>
}

export async function openMobileLine(port: number): Promise<MobileLine> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isInTunnel = false
  const server = createServer((phone) => {
    const far = connect({ port, host: 'localhost' })
    const pair = [phone, far] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        pairs.delete(pair)
        for (const each of pair) each.destroy()
      })
    }
    if (!isInTunnel) phone.pipe(far).pipe(phone)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    enterTunnel() {
      isInTunnel = true
      for (const [phone, far] of pairs) {
        phone.unpipe(far).pause()
        far.unpipe(phone).pause()
      }
    },
    leaveTunnel() {
      isInTunnel = false
      for (const [phone] of pairs) phone.destroy()
    },
    async close() {
      for (const [phone] of pairs) phone.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
