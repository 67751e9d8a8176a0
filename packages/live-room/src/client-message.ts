import { RoomClientMessage } from '@chunbo/contract'
import { Compile } from 'typebox/compile'

const validator = Compile(RoomClientMessage)

/** A client's message, or null when it is not one of the contract's. Never throws. */
export function readClientMessage(data: string): RoomClientMessage | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(data)
  } catch {
    return null
  }
  return validator.Check(parsed) ? parsed : null
}
