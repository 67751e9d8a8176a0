import type { CaseHead, ReliefStage } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'
import { type DeskScope, requireCounty } from './desk-scope.ts'
import { endCase } from './end-case.ts'
import { type LockedCase, lockCase, readCaseHead } from './lock-case.ts'
import { moveCase } from './move-case.ts'
import { BY_WORD, nextStages } from './next-stages.ts'
import { stages } from './stages.ts'

const KINDS: Readonly<Partial<Record<ReliefStage, string>>> = {
  rejected: 'rejected',
  closed: 'closed',
  expired: 'expired',
  reported: 'reopened',
}

function checkStep(scope: DeskScope, locked: LockedCase, to: ReliefStage): void {
  requireCounty(scope, locked.countyCode)
  if (nextStages(locked.stage, scope.isDesk).includes(to) && BY_WORD.includes(to)) return
  if (!stages[locked.stage].next.includes(to)) throw new Refusal('relief.wrong_stage', { stage: locked.stage, to })
  if (BY_WORD.includes(to) && !scope.isDesk) throw new Refusal('identity.not_allowed')
  throw new Refusal('relief.not_by_word', { to })
}

async function step(tx: Queryable, scope: DeskScope, locked: LockedCase, to: ReliefStage, reason: string, now: Date) {
  const move = { caseId: locked.id, to, actorId: scope.userId, now, kind: KINDS[to] ?? to, note: reason }
  if (to !== 'reported') return endCase(tx, locked, move)
  // Reopened: nobody has vouched for it yet, and it is not over.
  await tx.query(`update relief_cases set closed_reason = '', verified_by = null, spoiled_g = null where id = $1`, [
    locked.id,
  ])
  return moveCase(tx, move)
}

/**
 * Takes a step that needs nothing but a word: rejects, closes, gives up, or reopens what was rejected.
 * @param move without a version it settles the case as it stands.
 * @throws Refusal relief.case_not_found, case_changed, wrong_stage, not_by_word, identity.not_allowed
 */
export async function moveByWord(
  context: ReliefContext,
  scope: DeskScope,
  caseId: number,
  move: { to: ReliefStage; reason: string; version?: number },
): Promise<CaseHead> {
  const { db, clock } = context.platform
  const now = clock.now()
  const { head, from } = await db.transaction(async (tx) => {
    const locked = await lockCase(tx, caseId, move.version)
    checkStep(scope, locked, move.to)
    await step(tx, scope, locked, move.to, move.reason.trim(), now)
    return { head: await readCaseHead(tx, caseId), from: locked.stage }
  })
  context.caseMoved({ caseId, from, to: move.to })
  return head
}
