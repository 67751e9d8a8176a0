import type { ReliefStage } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { CaseMoved, ReliefContext } from './context.ts'
import { endCase } from './end-case.ts'
import { type LockedCase, lockCase } from './lock-case.ts'
import { type LotSales, readLotSales, soldOf } from './lot-sales.ts'
import { logCase, moveCase } from './move-case.ts'
import { isEnded, stageDue } from './stages.ts'

/** Cases that one run ends, and as many that it escalates, the most pressing first; the next run, a minute later, takes the rest. */
const CASES_A_RUN = 500
/** Who missed a deadline has at least this much longer, however near the end of the produce's clock is. */
const EXTENSION_MIN_MS = 15 * 60_000
/** So many misses in one stage, and the operator has to look. */
const MISSES_FOR_OPERATOR = 2

type Step = (tx: Queryable, locked: LockedCase) => Promise<ReliefStage | null>

/**
 * Takes one step with a case under its lock, and tells of the move after the commit. A case that fails is told of in the log
 * and stops no other. @returns whether it moved.
 */
async function follow(context: ReliefContext, caseId: number, step: Step): Promise<boolean> {
  const { db, log } = context.platform
  try {
    const moved = await db.transaction<CaseMoved | null>(async (tx) => {
      const locked = await lockCase(tx, caseId)
      if (isEnded(locked.stage)) return null
      const to = await step(tx, locked)
      return to && { caseId, from: locked.stage, to }
    })
    if (moved) context.caseMoved(moved)
    return moved !== null
  } catch (error) {
    log.error({ err: error, caseId }, 'a relief case could not be followed')
    return false
  }
}

/**
 * Takes over what a case on sale has sold, and moves it as its sales say: at the first gram and at the last pack. What a run finds
 * in the minute after the clock ended was sold before it, for runs are a minute apart.
 */
function followSale(lotIds: readonly number[], sales: LotSales, now: Date): Step {
  const { listedG, soldG, isSoldOut } = soldOf(lotIds, sales)
  return async (tx, locked) => {
    const { id: caseId, stage } = locked
    await tx.query(
      `update relief_cases set listed_g = $2, sold_g = $3,
         sold_in_time_g = case when spoils_at is null or $4 <= spoils_at + interval '1 minute' then $3 else sold_in_time_g end
       where id = $1 and (listed_g, sold_g) is distinct from ($2, $3)`,
      [caseId, listedG, soldG, now],
    )
    if (stage === 'listed' && soldG > 0) {
      return moveCase(tx, { caseId, to: 'selling', actorId: null, now, kind: 'first_sold', facts: { soldG } }).then(
        () => 'selling',
      )
    }
    if (stage !== 'selling' || !isSoldOut) return null
    await endCase(tx, { ...locked, soldG }, { caseId, to: 'closed', actorId: null, now, kind: 'sold_out' })
    return 'closed'
  }
}

/** Ends what the produce's clock has ended: a case on sale is closed, one that never came so far has expired. */
function followProduceClock(now: Date): Step {
  return async (tx, locked) => {
    if (locked.spoilsAt === null || locked.spoilsAt > now) return null
    const to = locked.stage === 'selling' ? 'closed' : 'expired'
    await endCase(tx, locked, { caseId: locked.id, to, actorId: null, now, kind: 'clock_ended' })
    return to
  }
}

/** Writes down that its owner missed the time of the stage, and hands the case on: to the desk, then to the operator too. */
function escalate(now: Date): Step {
  return async (tx, { id: caseId, stage, stageDue: missed, escalated, spoilsAt }) => {
    if (missed > now) return null
    const times = escalated + 1
    const due = new Date(Math.max(stageDue(stage, now, spoilsAt).getTime(), now.getTime() + EXTENSION_MIN_MS))
    await tx.query(
      `update relief_cases set escalated = $2, stage_due = $3, owner_id = null, version = version + 1 where id = $1`,
      [caseId, times, due],
    )
    const level = times >= MISSES_FOR_OPERATOR ? 'operator' : 'relief_desk'
    await logCase(tx, { caseId, actorId: null, now, kind: 'escalated', facts: { times, level, missed } })
    return null
  }
}

/** Cases whose clock has ended, and those whose owner has missed the time. */
const WANTED = {
  spoiled: `stage not in ('closed', 'rejected', 'expired', 'merged') and spoils_at <= $1 order by spoils_at, id`,
  missed: `stage not in ('closed', 'rejected', 'expired', 'merged') and stage_due <= $1 order by stage_due, id`,
} as const

async function wanted(context: ReliefContext, what: keyof typeof WANTED, now: Date): Promise<number[]> {
  const rows = await context.platform.db.query<{ id: number }>(
    `select id from relief_cases where ${WANTED[what]} limit ${CASES_A_RUN}`,
    [now],
  )
  return rows.map(({ id }) => id)
}

interface OnSale {
  readonly id: number
  readonly stage: ReliefStage
  readonly listedG: number
  readonly soldG: number
  readonly lotIds: readonly number[]
}

/** Looks at all cases on sale in three queries and locks only those with something new. @returns how many moved. */
async function followSales(context: ReliefContext, now: Date): Promise<number> {
  const cases = await context.platform.db.query<OnSale>(
    `select c.id, c.stage, c.listed_g as "listedG", c.sold_g as "soldG", array_agg(cl.lot_id) as "lotIds"
     from relief_cases c join relief_case_lots cl on cl.case_id = c.id where c.stage in ('listed', 'selling') group by c.id`,
  )
  const sales = await readLotSales(
    context,
    cases.flatMap(({ lotIds }) => lotIds),
  )
  let moves = 0
  for (const { id, stage, lotIds, ...kept } of cases) {
    const { listedG, soldG, isSoldOut } = soldOf(lotIds, sales)
    const isNew = listedG !== kept.listedG || soldG !== kept.soldG
    if (!isNew && !(stage === 'listed' && soldG > 0) && !(stage === 'selling' && isSoldOut)) continue
    const step = followSale(lotIds, sales, now)
    // A first sale that was the last one, too, moves twice.
    while (await follow(context, id, step)) moves += 1
  }
  return moves
}

/**
 * What cases do by themselves, every minute: take over what was sold, begin and end their sale, spoil, and go to the next
 * level when somebody is late. Each under the lock of its row and looked at again there, so that two runs at once, or a run and
 * a person, do nothing twice. @returns how many cases moved.
 */
export async function followCases(context: ReliefContext): Promise<number> {
  const now = context.platform.clock.now()
  let moves = await followSales(context, now)
  for (const id of await wanted(context, 'spoiled', now)) {
    if (await follow(context, id, followProduceClock(now))) moves += 1
  }
  for (const id of await wanted(context, 'missed', now)) {
    if (await follow(context, id, escalate(now))) moves += 1
  }
  return moves
}
