import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createChatTerms, termKey } from './chat-terms.ts'
import { findContact } from './find-contact.ts'
import { foldText } from './fold-text.ts'
import { checkHostWords } from './host-words.ts'
import { TermAutomaton } from './term-automaton.ts'

const contactIn = (text: string) => findContact(foldText(text))

test('the automaton finds what a naive search finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '甜'), minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '甜', 'x') }),
      (terms, text) => {
        const naive = terms.flatMap((term) =>
          [...text].flatMap((_, at) => (text.startsWith(term, at) ? [`${at}-${at + term.length}`] : [])),
        )
        const found = new TermAutomaton(terms).find(text).map(([start, end]) => `${start}-${end}`)
        assert.deepEqual(found.toSorted(), naive.toSorted())
      },
    ),
  )
})

test('one of twenty thousand terms is found', () => {
  const terms = Array.from({ length: 20_000 }, (_, index) => `词${index.toString(36)}很坏`)
  const { find } = createChatTerms([{ name: '大', active: true, terms, allow: [] }])
  assert.deepEqual(find(foldText(`开头 词 ${(19_999).toString(36)} 很…坏 结尾`)), [termKey('词ffj很坏')])
})

test('terms are found however they are spelt, and not inside of other words', () => {
  const packs = [
    { name: '骂人', active: true, terms: ['傻瓜', 'idiot', '黑心商家', 'ass'], allow: ['傻瓜相机', 'kick ass'] },
    { name: '旧', active: false, terms: ['豌豆'], allow: [] },
  ]
  const { find } = createChatTerms(packs)
  const has = (text: string) => find(foldText(text)).length > 0
  for (const text of [
    '你个傻瓜',
    '傻 瓜',
    '傻.瓜',
    '傻\u200b瓜',
    '傻❤瓜',
    'ＩＤＩＯＴ',
    'i d i o t',
    'i.d.i-o.t',
    'іdіоt',
    '🅸🅳🅸🅾🆃',
    'ídïöt',
    '黑心 商 家',
    'you ass!',
  ])
    assert.ok(has(text), text)
  for (const text of [
    '傻瓜相机',
    '豌豆甜吗',
    'idiotic',
    'class',
    'pass me',
    'was sweet',
    'kick ass',
    '黑心的苹果卖给商家',
  ])
    assert.ok(!has(text), text)
  assert.equal(termKey('!!! …'), '')
})

test('phone numbers are found however they are written', () => {
  for (const text of [
    '13812345678',
    '电话138 1234 5678',
    '１３８１２３４５６７８',
    '一三八一二三四五六七八',
    '壹叁捌 壹贰叁肆 伍陆柒捌',
    '138-1234-5678',
    '138.1234.5678',
    '①③⑧①②③④⑤⑥⑦⑧',
    '❶❸❽❶❷❸❹❺❻❼❽',
    '1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣',
    '1加3加8加1加2加3加4加5加6加7加8',
    '幺三八幺二三四五六七八',
    '138o1234567',
    '+86 13812345678',
    '打400-123-4567',
    '010-12345678',
    '0874-3312345',
    '卡号6222021234567890123',
    '١٣٨١٢٣٤٥٦٧٨',
    '13 8 12 34 56 78',
    '1⃣3⃣8⃣1234、5678',
  ])
    assert.equal(contactIn(text), 'phone', text)
})

test('accounts and links are found however they are written', () => {
  for (const text of [
    '加我微信',
    '加v',
    '+微信 abc12345',
    '微信：nongmin88',
    'wx nongmin_88',
    'VX：abc12345',
    '薇信abc12345',
    '威 信 号 13579',
    'v信：zhang_san1',
    '加个好友',
    '加群',
    '扣扣 1234567',
    'qq 12345678',
    'QQ群：87654321',
    'v: nongmin88',
    '加主播微信',
    'wechat: farmer88',
    '抖音号 abcde123',
    '加🅥',
  ])
    assert.equal(contactIn(text), 'account', text)
  for (const text of [
    'https://example.com',
    'www.abc.com',
    'taobao.com',
    'taobao。com',
    'ｔａｏｂａｏ．ｃｏｍ',
    'taobao点com',
    'taobao dot com',
    't.cn/abc',
    'abc . top',
    'bit.ly/abcd',
    '去 1.2.3.4 看',
    'me@qq.com',
    'me@example',
    '￥a1b2c3d4e5￥',
    'tаobao.cоm',
    'my-shop.shop/x',
    'а b c.xyz',
  ])
    assert.equal(contactIn(text), 'link', text)
})

test('what buyers really ask is let through', () => {
  for (const text of [
    '13斤8块还是15斤9块',
    '9.9 19.9 29.9 39.9',
    '三斤 39.9 五斤 59.9',
    '一箱十五斤多少钱',
    '能用微信支付吗',
    '微信能付吗',
    '可以微信付款吗',
    '加微辣',
    '加维生素吗',
    '怎么加粉丝群',
    '3.5kg一箱',
    '3点live开始吗',
    '10点开始',
    '2026年3月15日发货',
    '1号链接和12号链接',
    '订单 20260315',
    '最多 500 克',
    'No.1 吗',
    '甜不甜',
    '666',
    '88888888',
    '一二三四五六七',
    '几点几分开播',
    'Is it sweet? 5 kg please.',
    '第3号链接，2斤，39元，包邮',
    '买三送一，一共四斤',
    '一箱 12 个 5 斤 39 元',
    '主播好😀😀',
    'e.g. two boxes',
    '快手速度',
    '我要qq糖',
    'v型的吗',
    'good.come again',
    '25.5元/3.5斤',
    '@小红 你买了吗',
  ])
    assert.equal(contactIn(text), null, text)
})

test('what sellers may not say is found, the longest word first, and what the law lets them say is not', () => {
  const terms = (text: string) => checkHostWords(text).map(({ term, action }) => `${action} ${term}`)
  assert.deepEqual(terms('全网最低价的最 好 吃豌豆'), ['block 全网最低价', 'block 最好吃'])
  assert.deepEqual(terms('ＴＯＰ１ 销量冠军'), ['block TOP1', 'block 销量冠军'])
  assert.deepEqual(terms('降血压，100%有效'), ['block 降血压', 'block 100%'])
  assert.deepEqual(terms('有机豌豆，最后一波'), ['proof 有机', 'review 最后一波'])
  assert.deepEqual(terms('国家级贫困县的第一书记第一次直播，最近发货，特级豌豆，有机肥，100 箱'), [])
  assert.deepEqual(terms('第一名'), ['block 第一'])
  assert.deepEqual(terms('desktop10'), [])
})
