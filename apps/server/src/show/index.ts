import type { ChatLine, RoomDrop } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { closeDrop } from './close-drop.ts'
import { closeDueDrops } from './close-due-drops.ts'
import type { ShowContext, ShowOptions } from './context.ts'
import { couponRoutes } from './coupon-routes.ts'
import { readActions } from './desk-actions.ts'
import { deskRoutes, type SectionReaders } from './desk-routes.ts'
import { createDeskSections } from './desk-sections.ts'
import { createWarningBook } from './desk-warnings.ts'
import type { DropRow } from './drop.ts'
import { createDropCounts } from './drop-counts.ts'
import { dropRoutes } from './drop-routes.ts'
import { enterThoseWhoSaid } from './enter-those-who-said.ts'
import { createEntryQueue } from './entry-queue.ts'
import './errors.ts'
import { type DropOpening, openDrop } from './open-drop.ts'
import { createPulse } from './pulse.ts'
import { readDeskDrops } from './read-drops.ts'
import { readFigures } from './read-figures.ts'
import { readWarnings } from './read-warnings.ts'
import { createRecentDrops } from './recent-drops.ts'
import { type DeskAction, recordAction } from './record-action.ts'
import { readRun } from './run-of-show.ts'
import { createSaidPhrases } from './said-phrases.ts'
import { showUndoers } from './show-undoers.ts'
import { readPeople } from './take-seat.ts'
import { allDropsOf, dropsOf, tellDrop } from './tell-drop.ts'
import { tellStandingDesks } from './tell-standing-desks.ts'

export type { ShowOptions } from './context.ts'
export type { DropRow } from './drop.ts'
export type { DropOpening } from './open-drop.ts'
export type { DeskAction } from './record-action.ts'

/** How late a drop may close, and how old the counts of one may be. */
const ROUND_MS = 250
/** Warnings, figures and who has left a desk are looked at in this gap. */
const DESK_ROUND_MS = 5_000

/** The slice, and what the others ask of it. */
export interface Show extends Slice {
  /** Opens a drop; see open-drop.ts. */
  openDrop(opening: DropOpening, fill?: (tx: Queryable, row: DropRow) => Promise<void>): Promise<DropRow>
  /** Closes a drop once; null when it was closed already. */
  closeDrop(dropId: number): Promise<DropRow | null>
  /** Tells the room of a drop as it stands, at once. */
  tellDrop(dropId: number): Promise<void>
  /** The counts of a drop have moved; they are told with the next round. Never waits. */
  countsMoved(dropId: number): void
  /** The drops that a room's snapshot carries. */
  dropsOf(roomId: number): Promise<RoomDrop[]>
  /** All drops of a show with what became of them, oldest first. */
  allDropsOf(roomId: number): Promise<RoomDrop[]>
  /** Writes down what was done at a desk and tells the others at it. Never throws. */
  recordAction(action: DeskAction): Promise<void>
  /** A line was said, which may be the phrase of a lucky bag. Never throws and never waits. */
  chatSaid(roomId: number, line: ChatLine, userId: number): void
  /** One round of what runs by itself: closes what is due, tells counts. Gives how many drops it closed. */
  round(): Promise<number>
}

export function createShow(platform: Platform, options: ShowOptions): Show {
  const { db, log } = platform
  const { live } = options
  const warnings = createWarningBook()
  const read: SectionReaders = {
    run: (roomId) => readRun(context, roomId),
    people: (roomId) => readPeople(context, roomId),
    drops: (roomId) => readDeskDrops(context, roomId),
    actions: (roomId) => readActions(context, roomId),
    warnings: (roomId) => readWarnings(context, warnings, roomId),
    figures: (roomId) => readFigures(context, roomId),
  }
  const context: ShowContext = {
    platform,
    ...options,
    desk: createDeskSections(live, log, (section, roomId) => read[section](roomId)),
    counts: createDropCounts(db, live),
    said: createSaidPhrases(live),
    recent: createRecentDrops(db),
    entries: createEntryQueue(db, platform.clock),
  }
  async function round(): Promise<number> {
    // Who has said the phrase in time is in before the bag is drawn.
    await enterThoseWhoSaid(context)
    const closed = await closeDueDrops(context)
    await context.counts.tell()
    return closed
  }
  const drops = createPulse(ROUND_MS, async () => void (await round()), log, 'a round of the drops failed')
  const desks = createPulse(DESK_ROUND_MS, () => tellStandingDesks(context), log, 'a round of the desks failed')
  return {
    name: 'show',
    routes: [...dropRoutes(context), ...couponRoutes(context), ...deskRoutes(context, showUndoers(context), read)],
    // The round of the process does it within a quarter of a second; this is for a process that hangs while others live.
    jobs: [
      {
        name: 'show.close-due-drops',
        cron: '* * * * *',
        run: async () => void (await closeDueDrops(context)),
      },
    ],
    openDrop: (opening, fill) => openDrop(context, opening, fill),
    closeDrop: (dropId) => closeDrop(context, dropId),
    tellDrop: (dropId) => tellDrop(context, dropId),
    countsMoved: (dropId) => context.counts.moved(dropId),
    dropsOf: (roomId) => dropsOf(db, roomId),
    allDropsOf: (roomId) => allDropsOf(db, roomId),
    recordAction: (action) => recordAction(context, action),
    chatSaid: (roomId, line, userId) => context.said.heard(roomId, line, userId),
    round,
    async start() {
      drops.start()
      desks.start()
    },
    async close() {
      await Promise.all([drops.stop(), desks.stop()])
      await context.desk.settled()
    },
  }
}
