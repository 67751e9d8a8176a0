import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DeskWarnings, MyQuestion, RoomQuestions, SkuAnswer } from '@chunbo/contract'
import { createLiveWorld, type LiveWorld, ZHENYUAN } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'

let world: LiveWorld
const open: RoomViewer[] = []
before(async () => {
  world = await createLiveWorld()
})
after(async () => {
  for (const viewer of open) viewer.ws.terminate()
  await world.close()
})

async function enter(roomId: number, userId?: number): Promise<RoomViewer> {
  const cookie = userId === undefined ? {} : { cookie: world.cookieOf(userId) }
  const viewer = new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`, cookie)
  open.push(viewer)
  return viewer.whenView(() => true)
}

/** Says lines as new people, one each, and waits until all are said. Gives who said them. */
async function ask(roomId: number, ...lines: string[]): Promise<number[]> {
  const people: number[] = []
  for (const line of lines) {
    const userId = await world.person(`买家${people.length}`)
    const viewer = await enter(roomId, userId)
    viewer.say(line)
    await viewer.when(({ messages }) => messages.some(({ t }) => t === 'accepted'))
    people.push(userId)
  }
  return people
}

const desk = async (method: string, path: string, body?: object) =>
  (await world.desk(method, path, body)) as unknown as RoomQuestions
async function listed(roomId: number): Promise<RoomQuestions> {
  await world.app.slices.chat.flushQuestions()
  return desk('GET', `/api/rooms/${roomId}/questions`)
}
const short = ({ open }: RoomQuestions) => open.map(({ text, askers }) => `${text} x ${askers}`)
const mineOf = async (roomId: number, as: number) =>
  (await world.ask<{ items: MyQuestion[] }>('GET', `/api/rooms/${roomId}/questions/mine`, { as })).body.items
const answersOf = async (skuId: number) =>
  (await world.ask<{ items: SkuAnswer[] }>('GET', `/api/skus/${skuId}/answers`)).body.items

/** A room with peas that are explained just now. */
async function stage() {
  const { id } = await world.room()
  const peas = await world.goods()
  const others = await world.goods()
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [peas, others] })
  await world.desk('PUT', `/api/rooms/${id}/pin`, peas)
  const host = await enter(id, world.hostId)
  await host.whenView(({ pin }) => pin?.skuId === peas.skuId)
  return { id, peas, others, host }
}

test('the same question is one, heaviest first; its answer reaches all, marks the lines of those who asked, and stays with the product', async () => {
  const { id, peas, host } = await stage()
  const askers = await ask(
    id,
    '邮费多少',
    '请问包邮吗？',
    '运费怎么算呀',
    '甜不甜',
    'free shipping?',
    '可以开发票吗',
    '豌豆很好',
  )
  host.say('邮费多少，大家都在问')
  const list = await listed(id)
  assert.deepEqual(short(list), ['邮费多少 x 4', '可以开发票吗 x 1', '甜不甜 x 1'])
  assert.equal(list.waiting, 3)
  const [postage, , taste] = list.open
  assert.deepEqual([postage?.intent, postage?.skuId, taste?.skuId], ['shipping_cost', null, peas.skuId])
  assert.deepEqual(postage?.names, ['买家1', '买家2', '买家4'])
  const section = ({ messages }: RoomViewer) =>
    messages.findLast((message) => message.t === 'desk' && message.section === 'questions')
  await host.when((viewer) => JSON.stringify(section(viewer) ?? '').includes('开发票'))

  const path = `/api/rooms/${id}/questions/${postage?.id}`
  const after = await desk('POST', `${path}/answer`, { text: '全国包邮，新疆西藏加 10 元' })
  assert.deepEqual(short(after), ['可以开发票吗 x 1', '甜不甜 x 1'])
  assert.equal(after.answered[0]?.askers, 4)
  const stranger = await enter(id)
  assert.deepEqual(
    stranger.view?.answers.map(({ question, text }) => [question, text]),
    [['邮费多少', '全国包邮，新疆西藏加 10 元']],
  )
  assert.equal(
    await world.refusal('POST', `${path}/answer`, { as: world.hostId, body: { text: '' } }),
    'chat.question_settled',
  )
  for (const [index, asker] of askers.entries()) {
    const mine = await mineOf(id, asker)
    const expected = [0, 1, 2, 4].includes(index) ? ['全国包邮，新疆西藏加 10 元'] : index === 6 ? [] : [undefined]
    assert.deepEqual(
      mine.map(({ answer }) => answer?.text),
      expected,
      `asker ${index}`,
    )
  }

  const [late = 0] = await ask(id, '包邮吗')
  assert.deepEqual(short(await listed(id)), ['可以开发票吗 x 1', '甜不甜 x 1'], 'it was answered a moment ago')
  assert.equal((await mineOf(id, late))[0]?.answer?.text, '全国包邮，新疆西藏加 10 元')

  const before = Date.now()
  await desk('POST', `/api/rooms/${id}/questions/${taste?.id}/answer`, { text: '' })
  await host.whenView(({ answers }) => answers.length === 2)
  const onPage = await answersOf(peas.skuId)
  assert.deepEqual(
    onPage.map(({ question, text, askers, roomId }) => [question, text, askers, roomId]),
    [
      ['邮费多少', '全国包邮，新疆西藏加 10 元', 5, id],
      ['甜不甜', '', 1, id],
    ],
  )
  const spoken = onPage[1]?.atMs ?? 0
  assert.ok(spoken <= before && spoken > before - 16_000, 'the replay begins a little before the tap')
  assert.deepEqual(await world.app.slices.chat.questionsOf(id), { asked: 7, questions: 3, answered: 2 })
})

test('what is about other goods, or elsewhere, is another question', async () => {
  const { id, peas, others, host } = await stage()
  await ask(id, '多少钱一斤', '2号链接多少钱', '新疆包邮吗', '包邮吗')
  await world.desk('PUT', `/api/rooms/${id}/pin`, others)
  await host.whenView(({ pin }) => pin?.skuId === others.skuId)
  await ask(id, '这个怎么卖')
  const { open } = await listed(id)
  const prices = open.filter(({ intent }) => intent === 'price').map(({ skuId, askers }) => [skuId, askers])
  assert.deepEqual(
    prices.sort(),
    [
      [peas.skuId, 1],
      [others.skuId, 2],
    ].sort(),
  )
  assert.equal(open.filter(({ intent }) => intent === 'shipping_cost').length, 2)
})

test('merged questions are one from then on, everybody counts once, and what is dismissed does not come back at once', async () => {
  const { id } = await stage()
  const [first = 0, second = 0] = await ask(id, '有没有合格证', '是不是有机的呀')
  const viewer = await enter(id, first)
  viewer.say('这个豌豆是不是有机的')
  await viewer.when(({ messages }) => messages.some(({ t }) => t === 'accepted'))
  const { open } = await listed(id)
  const [from, into] = [
    open.find(({ text }) => text.includes('合格证')),
    open.find(({ text }) => text.includes('有机')),
  ]
  assert.ok(from && into)
  const merge = (qid: number, body: object) =>
    world.refusal('POST', `/api/rooms/${id}/questions/${qid}/merge`, { as: world.hostId, body })
  assert.equal(await merge(from.id, { into: from.id }), 'chat.merge_with_itself')
  assert.equal(await merge(from.id, { into: 999_999 }), 'chat.question_not_found')
  const merged = await desk('POST', `/api/rooms/${id}/questions/${from.id}/merge`, { into: into.id })
  assert.deepEqual(
    merged.open.map(({ id, askers }) => [id, askers]),
    [[into.id, 2]],
  )
  assert.equal(await merge(from.id, { into: into.id }), 'chat.question_settled')
  await ask(id, '请问有没有合格证呀')
  assert.deepEqual(
    (await listed(id)).open.map(({ id, askers }) => [id, askers]),
    [[into.id, 3]],
  )
  await desk('POST', `/api/rooms/${id}/questions/${into.id}/answer`, { text: '有检测报告，在商品页' })
  for (const as of [first, second])
    assert.ok((await mineOf(id, as)).every(({ questionId, answer }) => questionId === into.id && answer !== null))
  await ask(id, '主播你是县长吗')
  const [county] = (await listed(id)).open
  assert.equal((await desk('POST', `/api/rooms/${id}/questions/${county?.id}/dismiss`)).waiting, 0)
  await ask(id, '请问主播你是县长吗')
  assert.equal((await listed(id)).waiting, 0)
})

test('questions, who asked them and answers are back after a restart, and go on where they were', async () => {
  const { id } = await stage()
  await ask(id, '几斤一箱', '一箱多少斤', '哪里产的')
  const before = await listed(id)
  const origin = before.open.find(({ intent }) => intent === 'origin')
  await desk('POST', `/api/rooms/${id}/questions/${origin?.id}/answer`, { text: '景东锦屏镇' })
  await world.restart()
  const viewer = await enter(id)
  assert.deepEqual(
    viewer.view?.answers.map(({ text }) => text),
    ['景东锦屏镇'],
  )
  await ask(id, '多少斤呀', '产地是哪')
  const after = await listed(id)
  assert.deepEqual(short(after), ['几斤一箱 x 3'])
  assert.equal(after.open[0]?.id, before.open.find(({ intent }) => intent === 'weight')?.id)
})

test('the words of a line that was taken down do not stand on as a question', async () => {
  const { id, peas } = await stage()
  const said = async (text: string) => {
    const viewer = await enter(id, await world.person('某人'))
    viewer.say(text)
    await viewer.when(({ messages }) => messages.some(({ t }) => t === 'accepted'))
    const answer = viewer.messages.find(({ t }) => t === 'accepted')
    return answer?.t === 'accepted' ? answer.lineId : ''
  }
  const rude = await said('骗子你这个甜不甜')
  await said('甜吗')
  const alone = await said('骗子县长是谁')
  assert.equal((await listed(id)).waiting, 2)
  const [sweet] = (await listed(id)).open
  await desk('POST', `/api/rooms/${id}/questions/${sweet?.id}/answer`, { text: '很甜' })
  for (const lineId of [rude, alone]) await world.desk('DELETE', `/api/rooms/${id}/chat/${lineId}?reason=abuse`)
  const list = await listed(id)
  assert.deepEqual([list.waiting, list.answered.map(({ question, askers }) => [question, askers])], [0, [['甜吗', 1]]])
  assert.deepEqual(
    (await answersOf(peas.skuId)).map(({ question }) => question),
    ['甜吗'],
  )
  const late = await enter(id)
  assert.ok(!JSON.stringify(late.view).includes('骗子'))
})

test('another county answers nothing here, and bad input is refused', async () => {
  const { id, peas } = await stage()
  await ask(id, '甜不甜')
  const [question] = (await listed(id)).open
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
  const body = { countyCode: ZHENYUAN, titleZh: '镇沅', hostName: '王', scheduledAt }
  const foreign = (await world.ask<{ id: number }>('POST', '/api/rooms', { as: neighbour, body })).body.id
  for (const [act, sent] of [
    ['answer', { text: '甜' }],
    ['dismiss', undefined],
    ['merge', { into: 1 }],
  ] as const) {
    const path = `/api/rooms/${foreign}/questions/${question?.id}/${act}`
    assert.equal(
      await world.refusal('POST', path, { as: neighbour, ...(sent ? { body: sent } : {}) }),
      'chat.question_not_found',
    )
  }
  const path = `/api/rooms/${id}/questions/${question?.id}/answer`
  const refused = (sent: object) => world.refusal('POST', path, { as: world.hostId, body: sent })
  assert.equal(await refused({}), 'request.invalid')
  assert.equal(await refused({ text: '长'.repeat(301) }), 'request.invalid')
  assert.equal(await refused({ text: '甜', skuId: 999_999 }), 'chat.sku_unknown')
  assert.equal(await refused({ text: '全国最甜的豌豆' }), 'chat.host_words')
  const answers = await Promise.all(
    [1, 2, 3].map((n) =>
      world.ask<{ code?: string }>('POST', path, { as: world.hostId, body: { text: `很甜 ${n}`, skuId: peas.skuId } }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409], 'of desks that answer at once one does')
})

test('the desk is warned when several buyers complain of what they got', async () => {
  const { id } = await stage()
  const complaints = async () => {
    const { body } = await world.ask<DeskWarnings>('GET', `/api/rooms/${id}/warnings`, { as: world.hostId })
    return body.warnings.filter(({ code }) => code === 'complaints').map(({ value }) => value)
  }
  await ask(id, '收到坏果了', '有一半都烂了', '打开都发霉了', '少发了两个', '坏了包赔吗')
  assert.deepEqual(await complaints(), [], 'four, and one who asks before buying')
  await ask(id, 'my peas came rotten')
  assert.deepEqual(await complaints(), [5])
})
