import type { ReliefStage } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { stageDue, stages } from './stages.ts'

export interface Move {
  readonly caseId: number
  readonly to: ReliefStage
  /** Null for what the system does by itself. */
  readonly actorId: number | null
  readonly now: Date
  /** What the log says of it, in one word: verified, offer_accepted, inspection_signed. */
  readonly kind: string
  readonly note?: string
  readonly facts?: Record<string, unknown>
  /** The version that the actor saw; another one in between is refused. The system leaves it out. */
  readonly version?: number
  /** Who has to act next; null leaves it to everybody with the stage's role. */
  readonly ownerId?: number | null
}

interface CaseHead {
  readonly stage: ReliefStage
  readonly version: number
  readonly spoilsAt: Date | null
}

/**
 * Moves a case along an arrow of the stage table and writes it down, in the caller's transaction. Locks the case's row, so
 * that of two who act at once the second sees what the first did.
 * @returns the stage it was in.
 * @throws Refusal relief.case_not_found, relief.case_changed (another version), relief.wrong_stage (no such arrow).
 */
export async function moveCase(tx: Queryable, move: Move): Promise<ReliefStage> {
  const [found] = await tx.query<CaseHead>(
    'select stage, version, spoils_at as "spoilsAt" from relief_cases where id = $1 for update',
    [move.caseId],
  )
  if (found === undefined) throw new Refusal('relief.case_not_found')
  if (move.version !== undefined && move.version !== found.version) throw new Refusal('relief.case_changed')
  if (!stages[found.stage].next.includes(move.to)) {
    throw new Refusal('relief.wrong_stage', { stage: found.stage, to: move.to })
  }
  await tx.query(
    `update relief_cases set stage = $2, version = version + 1, stage_since = $3, stage_due = $4, escalated = 0, owner_id = $5
     where id = $1`,
    [move.caseId, move.to, move.now, stageDue(move.to, move.now, found.spoilsAt), move.ownerId ?? null],
  )
  await logCase(tx, { ...move, fromStage: found.stage, toStage: move.to })
  return found.stage
}

export interface LogEntry {
  readonly caseId: number
  readonly actorId: number | null
  readonly now: Date
  readonly kind: string
  readonly note?: string
  readonly facts?: Record<string, unknown>
  readonly fromStage?: ReliefStage
  readonly toStage?: ReliefStage
}

/** Writes down what happened to a case; it can never be changed. */
export async function logCase(tx: Queryable, entry: LogEntry): Promise<void> {
  await tx.query(
    `insert into relief_log (case_id, at, actor_id, kind, from_stage, to_stage, note, facts) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      entry.caseId,
      entry.now,
      entry.actorId,
      entry.kind,
      entry.fromStage ?? null,
      entry.toStage ?? null,
      entry.note ?? '',
      JSON.stringify(entry.facts ?? {}),
    ],
  )
}
