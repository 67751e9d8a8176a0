import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeLong, placeShort, shortName } from './place.ts'
import { spelledNames } from './spelled-names.ts'

test('a county gets the name people say', () => {
  assert.equal(shortName('景东彝族自治县'), '景东')
  assert.equal(shortName('城步苗族自治县'), '城步')
  assert.equal(shortName('双江拉祜族佤族布朗族傣族自治县'), '双江')
  assert.equal(shortName('马关县'), '马关')
  assert.equal(shortName('平顺县'), '平顺')
  assert.equal(shortName('理县'), '理县')
  assert.equal(shortName('广西壮族自治区'), '广西')
  assert.equal(shortName('新疆维吾尔自治区'), '新疆')
  assert.equal(shortName('内蒙古自治区'), '内蒙古')
  assert.equal(shortName('文山壮族苗族自治州'), '文山')
})

test('a place is written from the province down, nothing twice', () => {
  assert.equal(placeLong({ code: 1, province: '重庆市', prefecture: '重庆市', county: '城口县' }), '重庆市 城口县')
})

test('an English page spells the names it has, and keeps the Chinese of those it has not', () => {
  spelledNames.value = {
    云南省: 'Yunnan',
    普洱市: "Pu'er",
    景东彝族自治县: 'Jingdong|Yi Autonomous County',
    理县: 'Li|County',
  }
  const jingdong = { code: 530823, province: '云南省', prefecture: '普洱市', county: '景东彝族自治县' }
  assert.equal(placeShort(jingdong), 'Yunnan · Jingdong')
  assert.equal(placeLong(jingdong), "Yunnan Pu'er Jingdong Yi Autonomous County")
  assert.equal(shortName('理县'), 'Li County')
  assert.equal(shortName('马关县'), '马关')
  spelledNames.value = {}
})
