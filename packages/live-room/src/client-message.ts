import { RoomClientMessage } from '@chunbo/contract'
import { Compile } from 'typebox/compile'

const validator = Compile(RoomClientMessage)

/** The message of which ten thousand viewers send two thousand a second; as the web client writes it, it needs no parser. */
const ACK = /^\{"t":"ack","offset":(0|[1-9]\d{0,14})\}$/

/** A client's message, or null when it is not one of the contract's. Never throws. */
export function readClientMessage(data: string): RoomClientMessage | null {
  const ack = ACK.exec(data)
  if (ack !== null) return { t: 'ack', offset: Number(ack[1]) }
  let parsed: unknown
  try {
    parsed = JSON.parse(data)
  } catch {
    return null
  }
  return validator.Check(parsed) ? parsed : null
}
