import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform } from '../platform/slice.ts'

/** What the commands of this slice share. */
export interface RecordingsContext {
  readonly platform: Platform
  readonly identity: Pick<Identity, 'who'>
  readonly live: Pick<Live, 'removeRecording'>
}
