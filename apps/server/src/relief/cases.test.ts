import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  RELIEF_STAGES,
  type ReliefBoard,
  type ReliefCase,
  type ReliefCaseRow,
  type ReliefMeasures,
} from '@chunbo/contract'
import fc from 'fast-check'
import { moveCase } from './move-case.ts'
import { stages } from './stages.ts'
import { createIntakeWorld, type IntakeWorld, JINGDONG } from './testing/intake-world.ts'

/** The invariant of this file: a case moves only along the table, by who may, and its log says every move. */

const PINGSHUN = 140425
let world: IntakeWorld
let desk: number
let commissioner: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
  commissioner = await world.person({ role: 'commissioner', countyCode: JINGDONG })
})
after(() => world.close())

const db = () => world.app.platform.db
const get = <T>(url: string, as = desk) =>
  world.ask({ url, as }).then(({ json }) => json as unknown as T & { code?: string })
const post = (url: string, body: object, as = desk) => world.ask({ method: 'POST', url, as, body })
const readCase = (id: number, as = desk) => get<ReliefCase>(`/api/relief/cases/${id}`, as)
const verify = (id: number, version = 1, as = desk) =>
  post(`/api/relief/cases/${id}/verify`, { version, evidence: '和村支书通了电话，看了照片' }, as)

test('a named person verifies with evidence and puts the harvest right; the clock follows', async () => {
  const { caseId } = await world.open()
  const before = await readCase(caseId)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const body = { version: 1, evidence: '到地里看过，比报的多', grams: 20_000_000, harvestTo: tomorrow }
  assert.equal((await post(`/api/relief/cases/${caseId}/verify`, body)).status, 200)
  const after = await readCase(caseId)
  assert.deepEqual([after.stage, after.grams, after.verifiedBy?.id], ['verified', 20_000_000, desk])
  assert.ok(after.spoilsAt && before.spoilsAt && after.spoilsAt < before.spoilsAt)
  assert.ok(after.urgency.score > before.urgency.score)
  assert.equal(after.log.at(-1)?.note, '到地里看过，比报的多')
  // The second click, and somebody who looked before the first.
  assert.equal((await verify(caseId)).json.code, 'relief.case_changed')
  assert.equal((await verify(caseId, after.version)).json.code, 'relief.wrong_stage')
})

test('a commissioner settles reports of the own county and sees no other', async () => {
  const own = await world.open()
  const foreign = await world.open({ countyCode: PINGSHUN })
  assert.equal((await verify(own.caseId, 1, commissioner)).status, 200)
  assert.equal((await verify(foreign.caseId, 1, commissioner)).json.code, 'identity.not_allowed')
  assert.equal((await readCase(foreign.caseId, commissioner)).code, 'identity.not_allowed')
  const { items } = await get<{ items: ReliefCaseRow[] }>('/api/relief/cases?limit=100', commissioner)
  assert.ok(items.some(({ id }) => id === own.caseId))
  assert.ok(items.every(({ place }) => place.code === JINGDONG))
  const board = await get<ReliefBoard>('/api/relief/board', commissioner)
  assert.deepEqual(
    board.provinces.map(({ code }) => code),
    [530000],
  )
})

test('the board filters, sorts and pages without losing or doubling a case', async () => {
  for (let at = 0; at < 7; at += 1)
    await world.open({ countyCode: PINGSHUN, quantity: { amount: String(3 + at), unit: '吨' } })
  for (const sort of ['urgency', 'due', 'new']) {
    const seen: number[] = []
    let cursor = ''
    do {
      const page = await get<{ items: ReliefCaseRow[]; next: string | null }>(
        `/api/relief/cases?county=${PINGSHUN}&sort=${sort}&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? ''
    } while (cursor !== '')
    const whole = await get<{ items: ReliefCaseRow[] }>(`/api/relief/cases?county=${PINGSHUN}&sort=${sort}&limit=100`)
    assert.deepEqual(
      seen,
      whole.items.map(({ id }) => id),
      sort,
    )
    assert.ok(seen.length >= 7)
  }
  const found = async (query: string) =>
    (await get<{ items: ReliefCaseRow[] }>(`/api/relief/cases?limit=100&${query}`)).items.length
  assert.ok((await found(`q=${encodeURIComponent('平顺')}`)) >= 7)
  assert.equal(await found('q=%25%25%25'), 0)
  assert.equal(await found('province=110000'), 0)
  assert.equal((await get('/api/relief/cases?cursor=zzz')).code, 'relief.cursor_invalid')
})

test('bulk acts settle each case by itself, and a rejected one can be reopened', async () => {
  const open = await world.open()
  const verified = await world.open()
  await verify(verified.caseId)
  const ids = [open.caseId, verified.caseId, 999_999]
  const { json } = await post('/api/relief/cases/bulk', { ids, act: 'reject', reason: '电话打不通，是假的' })
  assert.deepEqual(
    (json.items as { ok: boolean; code: string | null }[]).map(({ ok, code }) => [ok, code]),
    [
      [true, null],
      [true, null],
      [false, 'relief.case_not_found'],
    ],
  )
  const { version, closedReason } = await readCase(open.caseId)
  assert.equal(closedReason, '电话打不通，是假的')
  const reopened = await post(`/api/relief/cases/${open.caseId}/move`, { version, to: 'reported', reason: '打通了' })
  assert.equal(reopened.json.stage, 'reported')
  assert.equal((await readCase(open.caseId)).closedReason, '')
  const listed = await post(`/api/relief/cases/${open.caseId}/move`, {
    version: version + 1,
    to: 'listed',
    reason: '试试',
  })
  assert.equal(listed.json.code, 'relief.wrong_stage')
})

test('what is missed escalates by itself, and what has spoiled expires with its grams', async () => {
  const missed = await world.open()
  const spoiled = await world.open()
  await db().query("update relief_cases set stage_due = now() - interval '1 hour', owner_id = $2 where id = $1", [
    missed.caseId,
    desk,
  ])
  await db().query("update relief_cases set spoils_at = now() - interval '1 minute' where id = $1", [spoiled.caseId])
  await world.app.slices.relief.followCases()
  const [late, gone] = [await readCase(missed.caseId), await readCase(spoiled.caseId)]
  assert.deepEqual([late.escalated, late.owner, late.log.at(-1)?.kind], [1, null, 'escalated'])
  assert.ok(Date.parse(late.stageDue) > Date.now())
  assert.deepEqual([gone.stage, gone.spoiledG], ['expired', gone.grams])
  await world.app.slices.relief.followCases()
  assert.equal((await readCase(missed.caseId)).escalated, 1)
})

test('measures count minutes to each step and every gram once', async () => {
  for (const by of ['county', 'desk', 'month']) {
    const { all, rows } = await get<ReliefMeasures>(`/api/relief/measures?by=${by}`)
    assert.equal(
      rows.reduce((sum, { cases }) => sum + cases, 0),
      all.cases,
    )
    assert.equal(
      rows.reduce((sum, { gramsAtRisk }) => sum + gramsAtRisk, 0),
      all.gramsAtRisk,
    )
    assert.ok(all.minutes.verified !== null && all.minutes.verified <= (all.minutesP90.verified ?? -1))
    assert.ok(all.gramsSpoiled > 0)
  }
  const csv = await world.ask({ url: '/api/relief/measures.csv?by=month', as: desk })
  assert.match(csv.bytes.toString('utf8'), /^\uFEFFkey,name,cases,.*\r\n\d{4}-\d{2},/)
  assert.equal((await get('/api/relief/measures?from=2026-05-01&to=2026-04-01')).code, 'relief.day_unreal')
})

test('random acts never leave the arrows of the table, and the log is the moves', async () => {
  const { caseId } = await world.open()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...RELIEF_STAGES), { maxLength: 12 }), async (path) => {
      const acts = path.filter((to) => to !== 'merged')
      for (const to of acts) {
        const [head] = await db().query<{ stage: (typeof RELIEF_STAGES)[number] }>(
          'select stage from relief_cases where id = $1',
          [caseId],
        )
        const allowed = stages[head?.stage ?? 'closed'].next.includes(to)
        const moved = await db()
          .transaction((tx) => moveCase(tx, { caseId, to, actorId: null, now: new Date(), kind: 'test' }))
          .then(
            () => true,
            (error: { code?: string }) => {
              assert.equal(error.code, 'relief.wrong_stage')
              return false
            },
          )
        assert.equal(moved, allowed)
      }
    }),
    { numRuns: 30 },
  )
  const moves = await db().query<{ from: string | null; to: string }>(
    'select from_stage as "from", to_stage as "to" from relief_log where case_id = $1 and to_stage is not null order by id',
    [caseId],
  )
  const { stage } = await readCase(caseId)
  for (const [at, move] of moves.entries()) if (at > 0) assert.equal(move.from, moves[at - 1]?.to)
  assert.equal(moves.at(-1)?.to, stage)
  for (const change of [
    'update relief_log set note = $$x$$',
    'delete from relief_log',
    'truncate relief_log cascade',
  ]) {
    await assert.rejects(db().query(change), /append-only/)
  }
})
