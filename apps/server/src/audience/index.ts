import type { ChatLine } from '@chunbo/contract'
import type { Catalogue } from '../catalogue/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { addPoints, type Deed } from './add-points.ts'
import { chinaDay, leaveOf } from './age.ts'
import { readAge, readMyAge } from './ages.ts'
import type { AudienceContext, MessageSender } from './context.ts'
import { createCommentCount } from './count-comments.ts'
import { countOrders } from './count-orders.ts'
import { countWatching } from './count-watching.ts'
import { demoMessageSender } from './demo-messages.ts'
import './errors.ts'
import { createFanBook, type Fan } from './fan-book.ts'
import { audienceJobs } from './jobs.ts'
import { audienceRoutes } from './routes.ts'
import { sendReminders } from './send-reminders.ts'
import { createShareBook } from './share-book.ts'
import { tellReminders } from './tell-reminders.ts'

export type { Deed } from './add-points.ts'
export type { MessageSender } from './context.ts'
export type { Fan } from './fan-book.ts'

/** Comments and orders are counted at this gap, and minutes of watching when a new one has begun. */
const COUNT_EVERY_MS = 5_000

/** The slice, and what the others ask of it. */
export interface Audience extends Slice {
  /** What is known of somebody as a fan of a county, with what their age lets them do; at most a minute old. */
  fanOf(userId: number, countyCode: number): Promise<Fan>
  /** The same without a wait, for who has a socket in one of the county's rooms; undefined when nothing is known yet. */
  fanNow(userId: number, countyCode: number): Fan | undefined
  isFollowing(userId: number, countyCode: number): Promise<boolean>
  /** 0 for no fan yet. */
  levelOf(userId: number, countyCode: number): Promise<number>
  /** Below 18, by their own word or an operator's. */
  isMinor(userId: number): Promise<boolean>
  /** Old enough to host: from 16, below 18 with a guardian's consent. */
  mayHost(userId: number): Promise<boolean>
  /** Adds points by the table of the contract, each ref once. */
  addPoints(deeds: readonly Deed[]): Promise<void>
  /** A line was said in a room. Never throws and never waits. */
  chatSaid(roomId: number, line: ChatLine, userId: number): void
  /** Counts the present minute of watching, what was said and what was paid; runs by itself. */
  countPoints(): Promise<void>
  /** Tells who is to be reminded and sends what waits; runs by itself every minute. Gives how many were told. */
  remind(): Promise<number>
}

export interface AudienceOptions {
  readonly identity: Identity
  readonly catalogue: Pick<Catalogue, 'readPicture'>
  readonly live: Live
  readonly messageSender?: MessageSender
  /** The name of a division as English readers spell it. */
  spelledPlace(nameZh: string): string
}

/** Those who watch. Without a message sender only the demonstration shows messages, and reminders are notices on the site. */
export function createAudience(platform: Platform, options: AudienceOptions): Audience {
  const { clock, log, config } = platform
  const { identity, live, spelledPlace } = options
  const fans = createFanBook(platform)
  const messageSender = options.messageSender ?? (config.demo ? demoMessageSender : null)
  const context: AudienceContext = { platform, identity, live, fans, messageSender, spelledPlace }
  const comments = createCommentCount(context)
  const shares = createShareBook((id) => options.catalogue.readPicture(id))
  let timer: NodeJS.Timeout | undefined
  let counting: Promise<void> = Promise.resolve()
  let minute = 0

  async function countPoints(): Promise<void> {
    const now = Math.floor(clock.now().getTime() / 60_000)
    if (now !== minute) {
      minute = now
      await countWatching(context)
    }
    await comments.flush()
    await countOrders(context)
  }
  function countLater(): void {
    timer = setTimeout(() => {
      counting = countPoints()
        .catch((error: unknown) => log.warn({ err: error }, 'points of fans could not be counted; tried again shortly'))
        .finally(() => {
          if (timer !== undefined) countLater()
        })
    }, COUNT_EVERY_MS)
  }
  return {
    name: 'audience',
    routes: audienceRoutes(context, shares),
    jobs: audienceJobs(context),
    fanOf: fans.of,
    fanNow: fans.now,
    isFollowing: async (userId, countyCode) => (await fans.of(userId, countyCode)).following,
    levelOf: async (userId, countyCode) => (await fans.of(userId, countyCode)).level,
    isMinor: async (userId) => (await readMyAge(context, userId)).band !== 'adult',
    mayHost: async (userId) => leaveOf(await readAge(context, userId), chinaDay(clock.now())).host,
    addPoints: (deeds) => addPoints(context, deeds),
    chatSaid: comments.said,
    countPoints,
    async remind() {
      const told = await tellReminders(context)
      await sendReminders(context)
      return told
    },
    async start() {
      countLater()
    },
    async close() {
      clearTimeout(timer)
      timer = undefined
      await counting
      await shares.close()
      await comments.flush().catch((error: unknown) => log.warn({ err: error }, 'the last comments were not counted'))
    },
  }
}
