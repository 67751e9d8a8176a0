import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunItem, RunOfShow } from '@chunbo/contract/show'
import fc from 'fast-check'
import { type DraftItem, draftOf, mergeDraft, readMinutes, runInput } from './run-draft.ts'

const item = (id: number, titleZh: string, script = ''): RunItem => ({
  id,
  titleZh,
  minutes: 5,
  script,
  skuId: null,
  findings: [],
})
const run = (version: number, ...items: RunItem[]): RunOfShow => ({
  version,
  items,
  current: null,
  editedBy: '小李',
  editedAtMs: 0,
})
const changed = (draft: DraftItem, part: Partial<DraftItem>): DraftItem => ({ ...draft, ...part })
const titles = (drafts: readonly DraftItem[]) => drafts.map(({ titleZh }) => titleZh)

test('what was not touched here takes theirs, what was touched keeps its words and shows theirs', () => {
  const base = run(1, item(1, '开场'), item(2, '豌豆', '甜'), item(3, '收尾'))
  const [first, second, third] = base.items.map(draftOf)
  assert.ok(first && second && third)
  const mine = [first, changed(second, { script: '甜脆，现摘' }), third]
  const theirs = run(2, item(1, '开场白'), item(2, '豌豆', '又甜又脆'), item(3, '收尾'))
  const merged = mergeDraft(base, mine, theirs)
  assert.deepEqual(titles(merged), ['开场白', '豌豆', '收尾'])
  assert.equal(merged[1]?.script, '甜脆，现摘')
  assert.equal(merged[1]?.theirs?.script, '又甜又脆')
  assert.equal(merged[0]?.theirs, undefined)
})

test('what they added is there, what they removed goes unless words were written into it here', () => {
  const base = run(1, item(1, '开场'), item(2, '豌豆'), item(3, '核桃'))
  const [first, second, third] = base.items.map(draftOf)
  assert.ok(first && second && third)
  const mine = [first, changed(second, { script: '我写的话' }), third]
  const merged = mergeDraft(base, mine, run(2, item(1, '开场'), item(4, '抽奖')))
  assert.deepEqual(titles(merged), ['开场', '抽奖', '豌豆'])
  assert.equal(merged[2]?.id, undefined)
  assert.equal(merged[2]?.script, '我写的话')
})

test('the order of here and what was added here stay', () => {
  const base = run(1, item(1, '一'), item(2, '二'))
  const [one, two] = base.items.map(draftOf)
  assert.ok(one && two)
  const added: DraftItem = { key: 'new', id: undefined, titleZh: '新', minutes: '3', script: '', skuId: null }
  const merged = mergeDraft(base, [two, added, one], run(2, item(1, '一'), item(2, '二'), item(3, '三')))
  assert.deepEqual(titles(merged), ['二', '三', '新', '一'])
})

test('no word that was written here is ever lost', () => {
  const items = fc
    .uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 6 })
    .chain((ids) => fc.tuple(...ids.map((id) => fc.constantFrom('甲', '乙', '丙').map((title) => item(id, title)))))
  fc.assert(
    fc.property(items, items, fc.array(fc.nat(5)), (before, after, touched) => {
      const base = run(1, ...before)
      const mine = base.items.map((one, index) =>
        touched.includes(index) ? changed(draftOf(one), { script: `我写的 ${one.id}` }) : draftOf(one),
      )
      const merged = mergeDraft(base, mine, run(2, ...after))
      for (const draft of mine) if (draft.script !== '') assert.ok(merged.some(({ script }) => script === draft.script))
      const ids = merged.flatMap(({ id }) => id ?? [])
      assert.equal(new Set(ids).size, ids.length)
      assert.equal(new Set(merged.map(({ key }) => key)).size, merged.length)
    }),
  )
})

test('the API gets whole minutes and titles, or nothing', () => {
  assert.equal(readMinutes('１０'), 10)
  for (const bad of ['', '0', '181', '1.5', '十']) assert.equal(readMinutes(bad), undefined)
  const draft = draftOf(item(1, ' 开场 '))
  assert.deepEqual(runInput(3, [draft])?.items[0]?.titleZh, '开场')
  assert.equal(runInput(3, [changed(draft, { titleZh: ' ' })]), undefined)
  assert.equal(runInput(3, [changed(draft, { minutes: '' })]), undefined)
})
