import { randomBytes } from 'node:crypto'
import { RtmpProtocolError } from './rtmp-message.ts'

const version = 3
export const handshakeBytes = 1536

/**
 * The server's side of the simple handshake: C0 and C1 are answered by S0, S1 and S2 (the echo of C1), then C2 is read
 * and ignored. The zero version in S1 tells clients of the digest form that it is not spoken here.
 */
export class ServerHandshake {
  readonly #received = Buffer.allocUnsafe(1 + 2 * handshakeBytes)
  #length = 0
  #answered = false

  /**
   * Takes bytes; `answer` has to be sent, `rest` is what follows a finished handshake, else null.
   * @throws RtmpProtocolError when the first byte is not version 3
   */
  receive(bytes: Buffer): { answer: Buffer | null; rest: Buffer | null } {
    const taken = bytes.copy(this.#received, this.#length)
    this.#length += taken
    if (this.#length > 0 && this.#received[0] !== version) throw new RtmpProtocolError('not an RTMP handshake')
    let answer: Buffer | null = null
    if (!this.#answered && this.#length >= 1 + handshakeBytes) {
      this.#answered = true
      const clientRandom = this.#received.subarray(1, 1 + handshakeBytes)
      const serverRandom = Buffer.concat([Buffer.alloc(8), randomBytes(handshakeBytes - 8)])
      answer = Buffer.concat([Buffer.of(version), serverRandom, clientRandom])
    }
    const whole = this.#length === this.#received.length
    return { answer, rest: whole ? bytes.subarray(taken) : null }
  }
}
