import type { DeskActionKind, WordFinding } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { DeskSections } from './desk-sections.ts'
import type { DropCounts } from './drop-counts.ts'
import type { EntryQueue } from './entry-queue.ts'
import type { RecentDrops } from './recent-drops.ts'
import type { SaidPhrases } from './said-phrases.ts'

/** Sums over the paid and unrefunded order lines of one room: orders, money in fen, mass in grams. */
export interface RoomSales {
  readonly orders: number
  readonly fen: number
  readonly grams: number
}

/** Takes an action back. `undo` is what recordAction was given. @throws Refusal where things no longer allow it */
export type Undoer = (roomId: number, undo: Readonly<Record<string, unknown>>, userId: number) => Promise<void>

/** What the show asks of slices that the composition connects. */
export interface ShowOptions {
  readonly identity: Identity
  readonly catalogue: Pick<Catalogue, 'changeStock' | 'openPriceWindow' | 'closePriceWindow'>
  readonly orders: Pick<Orders, 'claimCoupon'>
  readonly live: Live
  salesOf(roomId: number): Promise<RoomSales>
  /** Whether a user follows a county, which a lucky bag may ask for. */
  isFollowing(userId: number, countyCode: number): boolean | Promise<boolean>
  /** Whether a user is a minor: they may watch, and take part in no draw. */
  isMinor(userId: number): boolean | Promise<boolean>
  /** Advertising words in a text that the public would read. */
  checkWords(text: string): readonly WordFinding[]
  /** Questions of a room that wait for an answer. */
  questionsWaiting(roomId: number): number
  /** People of a room who complained of goods in the last ten minutes. */
  complaintsOf(roomId: number): number
  /** How actions of other slices are taken back, by kind. */
  readonly undoers: Partial<Record<DeskActionKind, Undoer>>
}

/** What the commands of this slice share. */
export interface ShowContext extends ShowOptions {
  readonly platform: Platform
  readonly desk: DeskSections
  readonly counts: DropCounts
  readonly said: SaidPhrases
  readonly recent: RecentDrops
  readonly entries: EntryQueue
}
