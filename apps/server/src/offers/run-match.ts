import type { MatchRun } from '@chunbo/contract'
import type { Plan } from '@chunbo/matching'
import { chinaDay } from '../merchants/index.ts'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { buildInstance, looksForMerchants } from './build-instance.ts'
import type { OffersContext } from './context.ts'
import { type Draft, makeOffers } from './make-offers.ts'
import { type CaseSaid, describeClashes, describePlan, findContradictions, namesOf } from './plan-words.ts'
import { readMatchCases } from './read-cases.ts'
import { readMatchMerchants } from './read-merchants.ts'
import { returnCases } from './return-cases.ts'

interface RunHead {
  readonly cause: string
  readonly at: Date
  readonly askedBy: number | null
  readonly cases: number
  readonly merchants: number
  readonly ms: number
}

async function storeFailure(context: OffersContext, head: RunHead, error: unknown): Promise<number> {
  const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  context.platform.log.error({ err: error }, 'the match failed')
  const rows = await context.platform.db.query<{ id: number }>(
    `insert into match_runs (at, cause, status, ms, cases, merchants, failure, asked_by)
     values ($1, $2, 'failed', $3, $4, $5, $6, $7) returning id`,
    [head.at, head.cause, head.ms, head.cases, head.merchants, failure, head.askedBy],
  )
  return one(rows).id
}

async function storeRun(
  context: OffersContext,
  head: RunHead,
  plan: Pick<Plan, 'status' | 'gap'> & Pick<MatchRun, 'clashes'>,
  said: ReadonlyMap<number, CaseSaid>,
): Promise<number> {
  const rows = await context.platform.db.query<{ id: number }>(
    `with run as (
       insert into match_runs (at, cause, status, gap_permille, ms, cases, merchants, clashes, asked_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
     ), said as (
       insert into match_cases (case_id, run_id, said)
       select s.case_id, run.id, s.said from run, jsonb_to_recordset($10) as s (case_id bigint, said jsonb)
     )
     select id from run`,
    [
      head.at,
      head.cause,
      plan.status,
      Math.min(1_000_000, Math.round(plan.gap * 1000)),
      head.ms,
      head.cases,
      head.merchants,
      JSON.stringify(plan.clashes.slice(0, 100)),
      head.askedBy,
      JSON.stringify([...said].map(([caseId, words]) => ({ case_id: caseId, said: words }))),
    ],
  )
  return one(rows).id
}

function draftsOf(said: ReadonlyMap<number, CaseSaid>, runId: number): Draft[][] {
  return [...said].flatMap(([caseId, { proposals }]) =>
    proposals.length === 0
      ? []
      : [
          proposals.map(({ merchant, grams, priceFenPerKg, pickups, why }) => ({
            caseId,
            merchantId: merchant.id,
            grams,
            priceFenPerKg: priceFenPerKg === 0 ? null : priceFenPerKg,
            pickups,
            runId,
            why,
            overruled: null,
          })),
        ],
  )
}

async function offerPlan(context: OffersContext, said: ReadonlyMap<number, CaseSaid>, runId: number): Promise<void> {
  const { db, clock } = context.platform
  let offers = 0
  for (const drafts of draftsOf(said, runId)) {
    const now = clock.now()
    const { made, moved } = await db.transaction((tx) => makeOffers(tx, drafts, { now, today: chinaDay(now) }))
    offers += made.length
    context.told(moved)
  }
  if (offers > 0) await db.query('update match_runs set offers_made = $2 where id = $1', [runId, offers])
}

/**
 * One run of the match: what lies in the fields and what merchants take goes to the solver as one instance, what it says is
 * kept, and its proposals become offers. A case that is left without anybody goes back to the desk. Gives the run's id;
 * throws Refusal when the server closes meanwhile.
 */
export async function runMatch(context: OffersContext, cause: string, askedBy: number | null): Promise<number> {
  const { db, clock } = context.platform
  const at = clock.now()
  const today = chinaDay(at)
  const [cases, merchants] = await Promise.all([readMatchCases(db, today), readMatchMerchants(db, today)])
  const instance = buildInstance(cases, merchants, today)
  const begunMs = performance.now()
  const head = () => ({
    cause: cause.slice(0, 60),
    at,
    askedBy,
    cases: instance.alerts.length,
    merchants: instance.merchants.length,
    ms: Math.round(performance.now() - begunMs),
  })
  let runId: number
  try {
    const plan = await context.solve(instance)
    const said = describePlan(plan, instance, merchants)
    const clashes = [...describeClashes(plan, namesOf(merchants)), ...findContradictions(cases, merchants)]
    const status = clashes.length > 0 ? 'infeasible' : plan.status
    runId = await storeRun(context, head(), { status, gap: plan.gap, clashes }, said)
    const looking = new Set(cases.filter(({ stage }) => looksForMerchants(stage)).map(({ id }) => id))
    await offerPlan(context, new Map([...said].filter(([caseId]) => looking.has(caseId))), runId)
  } catch (error) {
    // The server ends, which says nothing of the match: the next start runs it again.
    if (error instanceof Refusal && error.code === 'server.closing') throw error
    runId = await storeFailure(context, head(), error)
  }
  await returnCases(context)
  return runId
}
