/** Those who act at the same moment: the database decides, and each gets an answer that says how it stands. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createOfferWorld, type OfferWorld, TONNE_G } from './testing/offer-world.ts'

const TEN = 10 * TONNE_G

let world: OfferWorld
before(async () => {
  world = await createOfferWorld()
})
after(() => world.close())

const accept = (staff: number, offerId: number, grams: number) =>
  world.ask(staff, 'POST', `/api/offers/${offerId}/accept`, { grams })

async function acceptedG(caseId: number): Promise<number> {
  const [row] = await world.app.platform.db.query<{ grams: number }>(
    `select coalesce(sum(accepted_g), 0)::bigint as grams from offers where case_id = $1 and state = 'accepted'`,
    [caseId],
  )
  return row?.grams ?? 0
}

test('two merchants accept the last grams at once: one has them, the other hears how much is left', async () => {
  const [a, b] = [await world.merchant(), await world.merchant()]
  for (let round = 0; round < 10; round++) {
    const caseId = await world.reliefCase({ grams: TEN })
    const offers = [await world.offer(caseId, a.id, TEN), await world.offer(caseId, b.id, TEN)]
    const answers = await Promise.all([accept(a.staff, offers[0] ?? 0, TEN), accept(b.staff, offers[1] ?? 0, TEN)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    const refused = answers.find(({ status }) => status === 409)
    // Either the grams were gone, or the useless offer was taken back already.
    assert.ok(['offers.taken', 'offers.answered'].includes(String(refused?.body.code)), String(refused?.body.code))
    assert.equal(await acceptedG(caseId), TEN)
    assert.equal(await world.stageOf(caseId), 'accepted')
  }
})

test('ten merchants at once: never more grams than there are, never more merchants than allowed', async () => {
  const merchants = await Promise.all(Array.from({ length: 10 }, () => world.merchant()))
  const caseId = await world.reliefCase({ grams: TEN, merchantsMax: 4 })
  const offers = await Promise.all(merchants.map(({ id }) => world.offer(caseId, id, 3 * TONNE_G)))
  const answers = await Promise.all(
    merchants.map(({ staff }, index) => accept(staff, offers[index] ?? 0, (1 + (index % 3)) * TONNE_G)),
  )
  const accepted = answers.filter(({ status }) => status === 200)
  assert.ok(accepted.length <= 4 && accepted.length >= 3, `${accepted.length} accepted`)
  assert.ok((await acceptedG(caseId)) <= TEN)
})

test('a double click is one acceptance', async () => {
  const { id, staff } = await world.merchant()
  const caseId = await world.reliefCase()
  const offerId = await world.offer(caseId, id, TEN)
  const answers = await Promise.all([1, 2, 3].map(() => accept(staff, offerId, 4 * TONNE_G)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  assert.equal(await acceptedG(caseId), 4 * TONNE_G)
  const logged = await world.app.platform.db.query(
    `select from relief_log where case_id = $1 and kind = 'offer_accepted'`,
    [caseId],
  )
  assert.equal(logged.length, 1)
  const other = await accept(staff, offerId, 5 * TONNE_G)
  assert.equal(other.body.code, 'offers.answered')
})

test('in the second in which it expires an offer is either accepted or expired, never both', async () => {
  const { id, staff } = await world.merchant()
  const outcomes = new Set<string>()
  for (let round = 0; round < 12; round++) {
    const caseId = await world.reliefCase()
    const offerId = await world.offer(caseId, id, TEN)
    const [row] = await world.app.platform.db.query<{ leftMs: number }>(
      `select (extract(epoch from expires_at - $2) * 1000)::int as "leftMs" from offers where id = $1`,
      [offerId, world.clock.now()],
    )
    // One millisecond before the end the job finds nothing, at the end the acceptance is late.
    world.clock.advance((row?.leftMs ?? 0) - 1)
    const accepting = accept(staff, offerId, TEN)
    if (round % 2 === 1) world.clock.advance(1)
    const [answer] = await Promise.all([accepting, world.app.slices.offers.expireDue()])
    const [offer] = await world.app.platform.db.query<{ state: string }>('select state from offers where id = $1', [
      offerId,
    ])
    if (answer.status === 200) assert.equal(offer?.state, 'accepted')
    else {
      assert.equal(answer.body.code, 'offers.expired')
      assert.equal(await acceptedG(caseId), 0)
    }
    outcomes.add(String(offer?.state))
    await world.app.platform.db.query(`update offers set state = 'cancelled' where id = $1`, [offerId])
  }
  assert.ok(outcomes.has('accepted'), [...outcomes].join())
})

test('at the instant of its end an offer is over', async () => {
  const { id, staff } = await world.merchant()
  const caseId = await world.reliefCase()
  const offerId = await world.offer(caseId, id, TEN)
  world.clock.advance(7_200_000)
  const answer = await accept(staff, offerId, TEN)
  assert.deepEqual([answer.status, answer.body.code], [409, 'offers.expired'])
  const declined = await world.ask(staff, 'POST', `/api/offers/${offerId}/decline`, { reason: '车不够' })
  assert.equal(declined.body.code, 'offers.expired')
})

test('who declines and who accepts the same offer at once: one of the two stands', async () => {
  const { id, staff } = await world.merchant()
  for (let round = 0; round < 6; round++) {
    const caseId = await world.reliefCase()
    const offerId = await world.offer(caseId, id, TEN)
    const answers = await Promise.all([
      accept(staff, offerId, TEN),
      world.ask(staff, 'POST', `/api/offers/${offerId}/decline`, { reason: '价格不合适' }),
    ])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  }
})
