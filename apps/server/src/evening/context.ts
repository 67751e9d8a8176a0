import type { EveningQuestions, RoomDrop } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform } from '../platform/slice.ts'

/** What the commands of this slice share. */
export interface EveningContext {
  readonly platform: Platform
  readonly identity: Pick<Identity, 'who'>
  readonly catalogue: Pick<Catalogue, 'findCards'>
  readonly live: Pick<Live, 'inMemory' | 'recorded' | 'team'>
  /** A place as English readers spell it. */
  spelledPlace(nameZh: string): string
  /** Questions of a show, counted; null where nobody recognises them. */
  questionsOf(roomId: number): Promise<EveningQuestions | null>
  /** All drops of a show with what became of them, oldest first. */
  dropsOf(roomId: number): Promise<readonly RoomDrop[]>
}
