import type { ReliefStage } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Counties } from '../counties/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { MessageSender } from './message-sender.ts'

/** A case has moved; told after the commit, in this process. */
export interface CaseMoved {
  readonly caseId: number
  readonly from: ReliefStage
  readonly to: ReliefStage
}

/** Whether somebody works on a case in a way that needs the farmer's phone, such as its inspector; asked of later slices. */
export type ContactRule = (userId: number, caseId: number) => Promise<boolean>

export interface ReliefContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly counties: Counties
  readonly catalogue: Catalogue
  /** Null where the installation has none: then nothing is sent. */
  readonly messageSender: MessageSender | null
  readonly contactRules: readonly ContactRule[]
  /** Grams over the paid order lines of each of these lots; a lot that has sold nothing may be left out. */
  soldOfLots(lotIds: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Tells the listeners: every command that has committed a move calls it. */
  caseMoved(moved: CaseMoved): void
}
