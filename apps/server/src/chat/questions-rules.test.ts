import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QuestionIntent } from '@chunbo/contract'
import fc from 'fast-check'
import { byWeight, OPEN_MAX, QuestionGroups, weightOf } from './question-groups.ts'
import { type ShelfName, topicOf } from './question-topic.ts'
import { type Asked, likeness, pairsOf, recogniseQuestion } from './recognise-question.ts'

const ASKED: readonly [QuestionIntent, string, ...string[]][] = [
  [
    'shipping_cost',
    '',
    '邮费多少',
    '运费怎么算',
    '包邮吗',
    '包不包邮',
    '请问邮费多少钱',
    '邮费',
    '快递费几块',
    '发什么快递',
    'How much is shipping?',
    'free shipping?',
    'is the postage included',
  ],
  ['shipping_cost', '新疆', '新疆包邮吗', '能发新疆吗', '发得到新疆吗', '新疆发货吗'],
  [
    'delivery_time',
    '',
    '什么时候发货',
    '多久能到',
    '几天到',
    '今天能发货吗',
    '发货快不快',
    'When will it ship?',
    'how long does delivery take to arrive',
  ],
  ['delivery_time', '北京', '到北京几天能到', '北京几天能到'],
  [
    'price',
    '',
    '多少钱',
    '多少钱一斤',
    '怎么卖',
    '有优惠吗',
    '贵不贵',
    'how much is it',
    'What is the price?',
    'any discount',
  ],
  ['stock', '', '还有货吗', '还有吗', '卖完了吗', '什么时候补货', 'is it sold out', 'any left?'],
  ['weight', '', '几斤', '一箱多少斤', '净重多少', '多重啊', '果子多大', 'how many kg is a box', 'how heavy?'],
  ['count', '', '一箱几个', '一盒多少颗', 'how many pieces in a box?'],
  ['taste', 'sweet', '甜吗', '甜不甜', '这豌豆甜吗？', '甜么', 'Is it sweet?'],
  ['taste', 'spicy', '辣不辣', '这个辣椒辣吗', 'is it spicy'],
  ['taste', '', '好吃吗', '口感怎么样', 'does it taste good'],
  ['origin', '', '哪里产的', '产地是哪', '是不是本地的', 'where is it from', 'Where are these grown?'],
  ['after_sales', '', '坏了怎么办', '坏果赔吗', '可以退吗', 'what if it arrives broken?'],
  ['keeping', '', '能放多久', '保质期多久', '要放冰箱吗', '怎么保存', 'how long does it keep'],
  ['use', '', '怎么吃', '党参怎么煲汤', '可以生吃吗', 'how do you cook it'],
  ['other', '', '主播你是县长吗', '可以开发票吗', '有没有合格证', 'Are you the county head?'],
]

test('questions are recognised, in Chinese and English', () => {
  for (const [intent, detail, ...lines] of ASKED)
    for (const line of lines) assert.deepEqual(recogniseQuestion(line), { intent, detail }, line)
})

test('what asks nothing is no question', () => {
  const lines = [
    '好甜',
    '邮费太贵了',
    '666',
    '主播好',
    '支持家乡',
    '我买了两箱',
    '好的呢',
    '吗？',
    '哈哈哈',
    'Sweet!',
    'I bought two',
    '来了来了',
    '豌豆很新鲜',
    '发货了，谢谢',
    '老铁们冲',
  ]
  for (const line of lines) assert.equal(recogniseQuestion(line), null, line)
})

const SHELF: readonly ShelfName[] = [
  {
    shopId: 1,
    skuId: 11,
    produceSlug: 'pea-pod',
    names: ['景东甜豌豆 500 克', 'Jingdong sweet peas', '豌豆荚', 'pea pod'],
  },
  {
    shopId: 1,
    skuId: 12,
    produceSlug: 'pea-pod',
    names: ['景东甜豌豆 2 公斤', 'Jingdong sweet peas, big', '豌豆荚', 'pea pod'],
  },
  { shopId: 2, skuId: 21, produceSlug: 'papaya', names: ['景东冰糖心木瓜', 'Jingdong papaya', '木瓜', 'papaya'] },
]

test('a question is about what it names, or else about what is explained', () => {
  const about = (text: string, pinned: ShelfName | null, intent: QuestionIntent = 'price') =>
    topicOf(text, intent, SHELF, pinned).skuId
  const [small = null, big = null, papaya = null] = SHELF
  assert.equal(about('多少钱', small), 11)
  assert.equal(about('多少钱', null), null)
  assert.equal(about('木瓜多少钱', small), 21)
  assert.equal(about('豌豆多少钱', papaya), 11)
  assert.equal(about('豌豆多少钱', big), 12)
  assert.equal(about('景东的多少钱', papaya), 21, 'a word that all have names none')
  assert.equal(about('how much are the papayas?', small), 21)
  assert.equal(about('3号链接多少钱', small), 21)
  assert.equal(about('三号多少钱', small), 21)
  assert.equal(about('链接2多少钱', papaya), 12)
  assert.equal(about('9号链接多少钱', small), 11)
  assert.deepEqual(topicOf('3号发货吗', 'delivery_time', SHELF, small), { shopId: 1, skuId: null })
  assert.deepEqual(topicOf('木瓜邮费多少', 'shipping_cost', SHELF, small), { shopId: 2, skuId: null })
})

test('likeness is between 0 and 1, the same from both sides, and 1 for the same', () => {
  const text = fc.string({ unit: fc.constantFrom('发', '票', '开', '吗', '有', ' ', 'a'), maxLength: 12 })
  fc.assert(
    fc.property(text, text, (one, other) => {
      const alike = likeness(pairsOf(one), pairsOf(other))
      assert.ok(alike >= 0 && alike <= 1)
      assert.equal(alike, likeness(pairsOf(other), pairsOf(one)))
      if (pairsOf(one).size > 0) assert.equal(likeness(pairsOf(one), pairsOf(one)), 1)
    }),
  )
  assert.ok(likeness(pairsOf('可以开发票吗'), pairsOf('主播请问可以开发票么')) >= 0.6)
  assert.ok(likeness(pairsOf('可以开发票吗'), pairsOf('有没有合格证')) < 0.6)
})

interface Said {
  readonly text: string
  readonly asked: Asked
  readonly userId: number
}
const known = fc.constantFrom(...ASKED.filter(([intent]) => intent !== 'other').flatMap(([, , ...lines]) => lines))
const free = fc.constantFrom('可以开发票吗', '能开发票吗请问', '有没有合格证', '主播你是县长吗', '你是不是县长')
const saidBy = (text: fc.Arbitrary<string>) =>
  fc.record({ text, userId: fc.integer({ min: 1, max: 6 }) }).map(({ text, userId }): Said => {
    const asked = recogniseQuestion(text)
    assert.ok(asked)
    return { text, userId, asked }
  })

function gather(lines: readonly Said[], groups = new QuestionGroups()) {
  const of = lines.map((line, at) => {
    const said = {
      lineId: `l${at}`,
      userId: line.userId,
      name: `u${line.userId}`,
      text: line.text,
      atMs: 1_000_000 + at * 1000,
    }
    return groups.take(said, line.asked, { shopId: null, skuId: null }, `k${at}`).group.key
  })
  return { groups, of }
}

test('which known questions are the same does not depend on the order in which they come', () => {
  fc.assert(
    fc.property(fc.array(saidBy(known), { maxLength: 30 }), fc.infiniteStream(fc.nat()), (lines, dice) => {
      const shuffled = lines.map((line) => ({ line, at: dice.next().value })).sort((one, other) => one.at - other.at)
      const kinds = (order: readonly Said[]) => {
        const { of } = gather(order)
        return new Set(
          order.map(
            ({ asked }, at) =>
              `${asked.intent} ${asked.detail} ${of.indexOf(of[at] ?? '') === of.lastIndexOf(of[at] ?? '')}`,
          ),
        )
      }
      assert.deepEqual(kinds(shuffled.map(({ line }) => line)), kinds(lines))
    }),
  )
})

test('the same words always go to the same group, and everybody is counted once', () => {
  fc.assert(
    fc.property(fc.array(saidBy(fc.oneof(known, free)), { maxLength: 60 }), (lines) => {
      const { groups, of } = gather(lines)
      const first = new Map<string, string>()
      for (const [at, line] of lines.entries()) {
        const key = first.get(line.text) ?? of[at] ?? ''
        first.set(line.text, key)
        assert.equal(of[at], key)
      }
      for (const group of groups.all) {
        const people = new Set(lines.filter((_, at) => of[at] === group.key).map(({ userId }) => userId))
        assert.deepEqual(new Set(group.askers.keys()), people)
      }
    }),
  )
})

test('the list is by weight: more askers, or lately asked, and never by chance', () => {
  fc.assert(
    fc.property(fc.array(saidBy(fc.oneof(known, free)), { maxLength: 60 }), (lines) => {
      const { groups } = gather(lines)
      const open = groups.open()
      assert.deepEqual(open, [...open].reverse().sort(byWeight))
      for (const [at, group] of open.entries()) {
        const next = open[at + 1]
        if (next === undefined) continue
        assert.ok(weightOf(group) >= weightOf(next))
        if (next.askers.size > group.askers.size) assert.ok(next.lastAtMs < group.lastAtMs)
      }
    }),
  )
  const at = (askers: number, lastAtMs: number) => weightOf({ askers: { size: askers }, lastAtMs })
  assert.ok(at(34, 0) > at(1, 0))
  assert.ok(at(34, 0) < at(20, 10 * 60_000), 'half of what it was after ten minutes')
})

test('the same ones ask again soon after the answer, and it is not asked anew', () => {
  const groups = new QuestionGroups()
  const asked = { intent: 'price', detail: '' } as const
  const ask = (userId: number, atMs: number, key: string) =>
    groups.take({ lineId: key, userId, name: '', text: '多少钱', atMs }, asked, { shopId: 1, skuId: 1 }, key)
  const { group } = ask(1, 0, 'a')
  group.id = 7
  group.state = 'answered'
  group.holdsUntilMs = 120_000
  assert.equal(ask(2, 60_000, 'b').group, group)
  assert.equal(groups.open().length, 0)
  assert.equal(ask(3, 121_000, 'c').group.key, 'c')
})

test('a room keeps so many open questions and lets the lightest go', () => {
  const groups = new QuestionGroups()
  const chars = [...'开发票合格证县长领导单位公司集体食堂采购学校医院村']
  for (let at = 0; at < OPEN_MAX + 20; at += 1) {
    const text = `${chars[at % chars.length]}${at}${chars[(at * 7) % chars.length]}`
    const line = { lineId: `${at}`, userId: at, name: '', text, atMs: at * 1000 }
    groups.take(line, { intent: 'other', detail: `${at}` }, { shopId: null, skuId: null }, `k${at}`)
  }
  assert.equal(groups.open().length, OPEN_MAX)
})
