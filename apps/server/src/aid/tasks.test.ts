import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AID_DOCUMENTS_MAX, type CaseTasks } from '@chunbo/contract'
import { planChecklist } from './checklist.ts'
import { removeDocument } from './remove-document.ts'
import { type AidWorld, createAidWorld } from './testing/aid-world.ts'

let world: AidWorld
before(async () => {
  world = await createAidWorld()
})
after(() => world.close())

type Method = 'GET' | 'PUT' | 'POST'
const ask = (method: Method, caseId: number, path: string, body?: unknown, as = world.desk) =>
  world.site.ask({ method, url: `/api/relief/cases/${caseId}/${path}`, as, ...(body ? { body } : {}) })
const read = async (caseId: number) => (await ask('GET', caseId, 'tasks')).json as unknown as CaseTasks
const kindsOf = ({ tasks }: CaseTasks) => tasks.map(({ kind }) => kind)
const logOf = (caseId: number) =>
  world.site.app.platform.db.query<{ kind: string; actorId: number; facts: { task?: string } }>(
    `select kind, actor_id as "actorId", facts from relief_log where case_id = $1 and to_stage is null order by id`,
    [caseId],
  )

test('an accepted case has a checklist, with cold only where it is needed', async () => {
  const warm = await world.openCase('accepted')
  assert.deepEqual(kindsOf(await read(warm)), ['price', 'picking', 'boxes', 'courier', 'freight'])
  const cold = await world.openCase('accepted', { cold: true })
  assert.deepEqual(kindsOf(await read(cold)).slice(-2), ['ice', 'cold_truck'])
  const early = await world.openCase('verified')
  assert.deepEqual(kindsOf(await read(early)), [])
  // Cold is found to be needed later: whoever looks finds the tasks for it.
  await world.site.app.platform.db.query('update relief_cases set needs_cold = true where id = $1', [warm])
  assert.equal((await read(warm)).tasks.length, 7)
})

test('due times follow the template, and the clock of the produce cuts them short', () => {
  const now = new Date('2026-03-14T00:00:00Z')
  const hours = (tasks: ReturnType<typeof planChecklist>) =>
    tasks.map(({ kind, dueAt }) => [kind, (dueAt.getTime() - now.getTime()) / 3_600_000])
  assert.deepEqual(hours(planChecklist(false, now, null)), [
    ['price', 4],
    ['picking', 8],
    ['boxes', 8],
    ['courier', 6],
    ['freight', 6],
  ])
  const short = hours(planChecklist(true, now, new Date(now.getTime() + 9 * 3_600_000)))
  assert.ok(short.every(([, h]) => Number(h) <= 3))
  const over = hours(planChecklist(true, now, new Date(now.getTime() - 1)))
  assert.ok(over.every(([, h]) => h === 0.5))
})

test('of two who change a task at once one is told, and the log names who did what', async () => {
  const caseId = await world.openCase('accepted')
  const [price] = (await read(caseId)).tasks
  const edits = [
    { version: price?.version, state: 'done', mine: true, word: '说好六块' },
    { version: price?.version, state: 'not_needed' },
  ]
  const answers = await Promise.all(edits.map((edit) => ask('PUT', caseId, 'tasks/price', edit)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  const refused = answers.find(({ status }) => status === 409)
  assert.equal(refused?.json.code, 'aid.changed_meanwhile')
  const log = await logOf(caseId)
  assert.equal(log.length, 1)
  assert.deepEqual([log[0]?.actorId, log[0]?.facts.task], [world.desk, 'price'])
})

test('freight is kept once a version, is done with it and keeps its provinces', async () => {
  const caseId = await world.openCase('accepted')
  const note = { payer: 'county', carrier: '顺丰冷链', fenPerKg: 260, provinces: [11, 31] }
  const first = await ask('PUT', caseId, 'freight', { ...note, version: 0 })
  assert.equal(first.status, 200, JSON.stringify(first.json))
  const answer = first.json as unknown as CaseTasks
  assert.deepEqual(answer.freight, { ...note, version: 1 })
  assert.equal(answer.tasks.find(({ kind }) => kind === 'freight')?.state, 'done')
  assert.equal((await ask('PUT', caseId, 'freight', { ...note, version: 0 })).json.code, 'aid.changed_meanwhile')
  assert.equal((await ask('PUT', caseId, 'freight', { ...note, version: 1, carrier: '邮政' })).status, 200)
})

test('documents: a picture or an https address, so many a case, removed with a word in the log', async () => {
  const caseId = await world.openCase('accepted')
  const path = 'tasks/courier/documents'
  const contract = { title: '快递合同', url: 'https://example.org/contract.pdf' }
  assert.equal((await ask('POST', caseId, path, { title: '什么都没有' })).json.code, 'aid.document_needs_one')
  assert.equal((await ask('POST', caseId, path, { ...contract, url: 'javascript:alert(1)' })).status, 400)
  const unknown = { title: '照片', pictureId: '00000000-0000-4000-8000-000000000000' }
  assert.equal((await ask('POST', caseId, path, unknown)).json.code, 'aid.picture_unknown')
  const all = await Promise.all(
    Array.from({ length: AID_DOCUMENTS_MAX + 2 }, () => ask('POST', caseId, path, contract)),
  )
  assert.equal(all.filter(({ status }) => status === 201).length, AID_DOCUMENTS_MAX)
  const full = all.filter(({ status }) => status === 409)
  assert.deepEqual(
    full.map(({ json }) => json.code),
    ['aid.too_many_documents', 'aid.too_many_documents'],
  )
  const { platform } = world.site.app
  const [paper] = (await read(caseId)).tasks.find(({ kind }) => kind === 'courier')?.documents ?? []
  await removeDocument({ platform }, caseId, paper?.id ?? 0, world.desk)
  await assert.rejects(removeDocument({ platform }, caseId, paper?.id ?? 0, world.desk), {
    code: 'aid.document_not_found',
  })
  assert.equal((await logOf(caseId)).at(-1)?.kind, 'document_removed')
})

test('commissioners help in their own county and nowhere else; a closed case is left as it is', async () => {
  const caseId = await world.openCase('accepted')
  const stranger = await world.site.person({ role: 'commissioner', countyCode: 430529 })
  const [price] = (await read(caseId)).tasks
  const edit = { version: price?.version, state: 'done' }
  assert.equal((await ask('PUT', caseId, 'tasks/price', edit, stranger)).status, 403)
  assert.equal((await ask('GET', caseId, 'tasks', undefined, stranger)).status, 403)
  assert.equal((await ask('PUT', caseId, 'tasks/price', edit, world.commissioner)).status, 200)
  await world.move(caseId, 'rejected')
  assert.equal((await ask('PUT', caseId, 'tasks/boxes', { version: 1, state: 'done' })).json.code, 'aid.not_on_track')
  assert.equal((await ask('PUT', caseId, 'tasks/ice', { version: 1, state: 'done' })).json.code, 'aid.not_on_track')
})

test('a task that the case does not have is not there', async () => {
  const caseId = await world.openCase('accepted')
  await read(caseId)
  assert.equal((await ask('PUT', caseId, 'tasks/ice', { version: 1, state: 'done' })).json.code, 'aid.task_not_found')
})
