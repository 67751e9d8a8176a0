import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { movableClock } from '../platform/clock.ts'
import type { MessageSender } from './message-sender.ts'
import { moveCase } from './move-case.ts'
import { sendMessages } from './send-messages.ts'
import { createIntakeWorld, freshPhone, type IntakeWorld, peas } from './testing/intake-world.ts'

let world: IntakeWorld
before(async () => {
  world = await createIntakeWorld()
})
after(() => world.close())

// Ahead of the reports, which the application dates by its own clock.
const clock = movableClock(new Date(Date.now() + 60_000))
const sent: { phone: string; body: string }[] = []
let isBroken = false
const messageSender: MessageSender = {
  async send(phone, body) {
    if (isBroken) throw new Error('the operator of the network is away')
    sent.push({ phone, body })
  },
}
const run = () => sendMessages({ ...contextOf(), messageSender })
const contextOf = () => ({ platform: { ...world.app.platform, clock } })
const to = (phone: string) => sent.filter((message) => message.phone === `+86${phone}`).map(({ body }) => body)

test('the link goes out at the report, a line at each new stage, each once, also from two workers at once', async () => {
  const phone = freshPhone()
  const { caseId, token } = await world.open({ contact: { name: '李大爷', phone } })
  await Promise.all([run(), run()])
  assert.equal(to(phone).length, 1)
  assert.match(to(phone)[0] ?? '', new RegExp(`景东彝族自治县.*3 万斤.*/relief/track/${token}$`))
  const { db } = world.app.platform
  const move = (stage: 'verified' | 'offered', kind: string) =>
    db.transaction((tx) => moveCase(tx, { caseId, to: stage, kind, actorId: null, now: clock.now() }))
  await move('verified', 'verified')
  await move('offered', 'offered')
  await move('verified', 'offer_declined')
  await Promise.all([run(), run()])
  await run()
  assert.deepEqual(
    to(phone).map((body) => body.slice(4, 16).includes('核实') || body.includes('推荐') || body.includes('收到')),
    [true, true, true],
  )
})

test('a network that is away is tried again with longer waits, and given up with the reason in the end', async () => {
  const phone = freshPhone()
  isBroken = true
  const { caseId } = await world.open({ contact: { name: '李大爷', phone } })
  await run()
  assert.equal(to(phone).length, 0)
  isBroken = false
  await run()
  assert.equal(to(phone).length, 0, 'the wait is not over')
  clock.advance(61_000)
  await run()
  assert.equal(to(phone).length, 1)
  isBroken = true
  const lost = await world.open(peas())
  for (let tries = 0; tries < 12; tries++) {
    await run()
    clock.advance(3 * 3_600_000)
  }
  const [row] = await world.app.platform.db.query<{ failed: string; attempts: number }>(
    'select failed, attempts from relief_messages where case_id = $1',
    [lost.caseId],
  )
  assert.deepEqual(row, { failed: 'the operator of the network is away', attempts: 9 })
  assert.notEqual(lost.caseId, caseId)
  isBroken = false
})

test('a landline gets no text message, and without a sender nothing is made', async () => {
  const { caseId } = await world.open({ contact: { name: '村委会', phone: '0879-6521234' } })
  assert.equal(await sendMessages({ ...contextOf(), messageSender: null }), 0)
  await run()
  const rows = await world.app.platform.db.query('select id from relief_messages where case_id = $1', [caseId])
  assert.deepEqual(rows, [])
})

test('the demonstration shows what was sent, without whole phones', async () => {
  const { json, bytes } = await world.ask({ url: '/api/demo/messages' })
  assert.ok((json.messages as unknown[]).length > 0)
  assert.doesNotMatch(bytes.toString(), /"phone":"[^"]*138\d{8}/)
})
