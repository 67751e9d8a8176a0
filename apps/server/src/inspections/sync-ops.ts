import type { InspectionOp, InspectionSync, SyncAnswer, SyncResult } from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import { describeProblem, Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import { type CaseMoved, moveCase } from '../relief/index.ts'
import { type InspectionsContext, inspectedCounties } from './context.ts'
import { type CaseFacts, type InspectionRow, lockInspection, readCase } from './lock-inspection.ts'
import { readInspections } from './read-inspections.ts'
import { type Signing, trySign } from './sign-inspection.ts'
import { isSame, namedBy, type Outcome, readOps, refuseContent, type StoredOp } from './stored-op.ts'
import { outcomeOfSet } from './weigh-op.ts'

/** Changes that one inspection takes: fifteen samples typed and mended many times over. */
const OPS_OF_INSPECTION_MAX = 2_000
/** Inspections that one person begins in 24 hours. */
const OPENED_PER_DAY_MAX = 300

interface Sender {
  readonly userId: number
  readonly device: string
  /** Counties in which the sender inspects; null: all. */
  readonly counties: readonly number[] | null
}

interface Done {
  readonly results: SyncResult[]
  readonly moved: CaseMoved[]
  readonly tell: (() => void)[]
}

function answer(op: InspectionOp, outcome: Outcome, code: string | null, params = {}, replayed = false): SyncResult {
  const texts = code === null ? { zh: '', en: '' } : describeProblem(new Refusal(code, params), '').texts
  return { id: op.id.toLowerCase(), outcome, replayed, code, zh: texts.zh, en: texts.en }
}

/**
 * Takes a batch of operations: each inspection in a transaction of its own, each operation once. What cannot be taken is
 * answered one by one and holds up nothing else; what contradicts what is there is kept beside it.
 */
export async function syncOps(
  context: InspectionsContext,
  batch: InspectionSync,
  userId: number,
): Promise<Sendable<SyncAnswer>> {
  const sender = { userId, device: batch.device, counties: await inspectedCounties(context, userId) }
  const groups = Map.groupBy(batch.ops, (op) => op.inspectionId.toLowerCase())
  const results: SyncResult[] = []
  for (const [inspectionId, ops] of groups) {
    const done = await context.platform.db.transaction((tx) => syncOne(context, tx, inspectionId, ops, sender))
    results.push(...done.results)
    for (const moved of done.moved) context.relief.caseMoved(moved)
    for (const tell of done.tell) tell()
  }
  const order = new Map(batch.ops.map((op, at) => [op.id.toLowerCase(), at]))
  results.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
  const inspections = await readInspections(context.platform.db, { ids: [...groups.keys()], counties: sender.counties })
  return { results, inspections }
}

async function syncOne(
  context: InspectionsContext,
  tx: Queryable,
  inspectionId: string,
  ops: readonly InspectionOp[],
  sender: Sender,
): Promise<Done> {
  const done: Done = { results: [], moved: [], tell: [] }
  const good: InspectionOp[] = []
  for (const op of ops) {
    const refused = refuseContent(op)
    if (refused) done.results.push(answer(op, 'refused', refused.code, refused.params))
    else good.push(op)
  }
  const [head] = good
  if (head === undefined) return done
  const refuseAll = (code: string, params = {}) => {
    done.results.push(...good.map((op) => answer(op, 'refused', code, params)))
    return done
  }
  const facts = await readCase(tx, head.caseId)
  if (facts === null) return refuseAll('relief.case_not_found')
  if (sender.counties !== null && !sender.counties.includes(facts.countyCode)) return refuseAll('identity.not_allowed')
  const opened = await openInspection(context, tx, inspectionId, head, facts, sender)
  if (opened.refused !== null) return refuseAll(opened.refused.code, opened.refused.params)
  if (opened.moved) done.moved.push(opened.moved)
  const row = await lockInspection(tx, inspectionId)
  if (row === null) return refuseAll('inspections.not_found')
  const matching = good.filter((op) => {
    const fits = op.caseId === row.caseId && (op.corrects?.toLowerCase() ?? null) === row.corrects
    if (!fits) done.results.push(answer(op, 'refused', 'inspections.other_case'))
    return fits
  })
  await takeOps(context, tx, row, { ops: matching, sender, family: facts.family }, done)
  return done
}

/** Makes the inspection on its first operation, and moves an accepted case on to being inspected. */
async function openInspection(
  context: InspectionsContext,
  tx: Queryable,
  id: string,
  head: InspectionOp,
  facts: CaseFacts,
  sender: Sender,
): Promise<{ refused: { code: string; params?: object } | null; moved?: CaseMoved }> {
  const [known] = await tx.query('select from inspections where id = $1', [id])
  if (known) return { refused: null }
  const now = context.platform.clock.now()
  if (head.corrects !== null) {
    const [signed] = await tx.query(
      `select from inspections where id = $1 and state = 'signed' and case_id = $2 and id <> $3`,
      [head.corrects, head.caseId, id],
    )
    if (!signed) return { refused: { code: 'inspections.corrects_unknown' } }
  }
  const { n } = one(
    await tx.query<{ n: number }>('select count(*) as n from inspections where opened_by = $1 and opened_at > $2', [
      sender.userId,
      new Date(now.getTime() - 24 * 3_600_000),
    ]),
  )
  if (n >= OPENED_PER_DAY_MAX) return { refused: { code: 'inspections.too_many', params: { max: OPENED_PER_DAY_MAX } } }
  const made = await tx.query(
    `insert into inspections (id, case_id, corrects, opened_by, opened_at) values ($1, $2, $3, $4, $5)
     on conflict (id) do nothing returning id`,
    [id, head.caseId, head.corrects, sender.userId, now],
  )
  if (made.length === 0) return { refused: null }
  const [locked] = await tx.query<{ stage: string }>('select stage from relief_cases where id = $1 for update', [
    facts.id,
  ])
  if (locked?.stage !== 'accepted') return { refused: null }
  const move = { caseId: facts.id, to: 'inspecting', actorId: sender.userId, now, kind: 'inspection_started' } as const
  const from = await moveCase(tx, { ...move, ownerId: sender.userId, facts: { inspectionId: id } })
  return { refused: null, moved: { caseId: facts.id, from, to: 'inspecting' } }
}

interface Arrived {
  readonly ops: readonly InspectionOp[]
  readonly sender: Sender
  readonly family: string | null
}

async function takeOps(
  context: InspectionsContext,
  tx: Queryable,
  row: InspectionRow,
  { ops, sender, family }: Arrived,
  done: Done,
): Promise<void> {
  const now = context.platform.clock.now()
  const kept: StoredOp[] = await readOps(tx, [row.id])
  const byId = new Map(kept.map((op) => [op.id, op]))
  let added = 0
  const signs: InspectionOp[] = []
  for (const op of ops) {
    const id = op.id.toLowerCase()
    const known = byId.get(id)
    if (known) {
      const same = isSame(known, op)
      done.results.push(
        same ? answer(op, known.outcome, known.code, {}, true) : answer(op, 'refused', 'inspections.op_differs'),
      )
      continue
    }
    if (kept.length >= OPS_OF_INSPECTION_MAX) {
      done.results.push(answer(op, 'refused', 'inspections.too_many_ops', { max: OPS_OF_INSPECTION_MAX }))
      continue
    }
    const stored = toStored(op, sender.userId)
    const outcome = stored.kind === 'sign' ? 'waiting' : outcomeOfSet(row, [...kept, stored], stored)
    const inserted = await insertOp(tx, row.id, { ...stored, outcome }, sender, now)
    if (!inserted) {
      done.results.push(answer(op, 'refused', 'inspections.op_differs'))
      continue
    }
    kept.push({ ...stored, outcome })
    byId.set(id, { ...stored, outcome })
    added++
    if (stored.kind === 'set') done.results.push(answer(op, outcome, null))
    else signs.push(op)
  }
  if (added === 0) return
  await tx.query('update inspections set version = version + 1 where id = $1', [row.id])
  const signings = await signWaiting(context, tx, row, { kept, family }, done)
  for (const op of signs) {
    const signing = signings.get(op.id.toLowerCase())
    if (signing) done.results.push(answer(op, signing.outcome, signing.code, signing.params))
  }
}

/** Looks again at every sign that waits: what it names may have come by now. */
async function signWaiting(
  context: InspectionsContext,
  tx: Queryable,
  row: InspectionRow,
  { kept, family }: { kept: readonly StoredOp[]; family: string | null },
  done: Done,
): Promise<Map<string, Signing>> {
  const signings = new Map<string, Signing>()
  let current = row
  for (const sign of kept.filter(({ kind, outcome }) => kind === 'sign' && outcome === 'waiting')) {
    const signing = await trySign(context, tx, current, { sign, kept, family })
    signings.set(sign.id, signing)
    done.moved.push(...signing.moved)
    done.tell.push(...signing.tell)
    if (signing.outcome === 'applied') current = (await lockInspection(tx, row.id)) ?? current
  }
  return signings
}

function toStored(op: InspectionOp, userId: number): StoredOp {
  return {
    id: op.id.toLowerCase(),
    kind: op.kind,
    field: op.kind === 'set' ? op.field : '',
    value: op.kind === 'set' ? op.value : null,
    seen: namedBy(op),
    userId,
    name: '',
    at: new Date(op.at),
    outcome: 'applied',
    code: null,
  }
}

/** False when the id stands under another inspection already. */
async function insertOp(
  tx: Queryable,
  inspectionId: string,
  op: StoredOp,
  sender: Sender,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into inspection_ops (id, inspection_id, user_id, device, kind, field, value, seen, made_at, received_at, outcome)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing returning id`,
    [
      op.id,
      inspectionId,
      op.userId,
      sender.device,
      op.kind,
      op.field,
      JSON.stringify(op.value ?? null),
      op.seen,
      op.at,
      now,
      op.outcome,
    ],
  )
  return rows.length > 0
}
