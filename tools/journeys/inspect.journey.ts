/**
 * An inspector in the hills: everything is filled in and signed without a network, the browser is killed, all of it is there
 * again, and goes out once when there is a network. What a second phone wrote meanwhile is shown and not overwritten.
 */
import assert from 'node:assert/strict'
import type { Inspection } from '@chunbo/contract/inspections'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { DEMO_PASSWORD } from '../demo/people.ts'
import { acceptGlut, type DemoGlut, reportGlut } from '../demo/relief-case.ts'
import { DemoSession } from '../demo/session.ts'
import { makePhone, openLine } from './field-phone.ts'
import { type House, journey, keepPicture } from './house.ts'
import { signInQuietly } from './sign-in.ts'
import { until } from './until.ts'

const GLUT: DemoGlut = {
  produceSlug: 'pea-pod',
  family: 'pod',
  tonnes: 2,
  countyCode: 530823,
  township: '大街镇',
  village: '三营村',
  lngE5: 10_070_000,
  latE5: 2_440_000,
  households: 9,
  harvestDays: [0, 6],
  floorFenPerKg: 400,
  words: '豌豆熟了，路上没有车来。',
  farmer: { name: '阿依', phone: '13812345678' },
}
const inspector = 'inspector@demo.chunbo'

journey('signed without a network, killed, and sent once; a second phone’s word stands beside it', async (house) => {
  const caseId = await makeCase(house)
  const desk = await house.session('relief-desk@demo.chunbo')
  const read = async () =>
    (await desk.send<{ items: Inspection[] }>('GET', `/api/relief/cases/${caseId}/inspections`)).items
  const line = await openLine(Number(new URL(house.baseUrl).port))
  house.atEnd(() => line.close())
  const phone = await makePhone()
  house.atEnd(() => phone.remove())

  // With a network: the app and the case come onto the phone, and the batch is begun.
  let page = await phone.start()
  await signIn(page, line.baseUrl)
  await page.goto(`${line.baseUrl}/inspect`)
  await page.getByText('没网也能打开').waitFor()
  const row = page.locator('section').filter({ hasText: '三营村' })
  await row.getByRole('button', { name: '开始验货' }).click()
  await page.waitForURL(/\/inspect\/[0-9a-f-]{36}/)
  const inspectionId = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
  await page.getByLabel('这批多重（公斤）').fill('900')
  await until('the beginning is at the server', async () =>
    (await read())[0]?.fields.some(({ field }) => field === 'grams'),
  )

  // A second phone has seen it too. Then the first one's line is cut.
  const second = await house.visitor({ name: 'second-inspector', screen: 'phone' })
  await signInQuietly(second, inspector)
  await second.page.goto(`/inspect/${inspectionId}`)
  await second.page.getByLabel('这批多重（公斤）').waitFor()
  line.cut()
  await fillAndSign(page)
  await page.getByText('已签字，有网就发出').first().waitFor()
  await page.getByText(/条等着发/).waitFor()
  await keepPicture(page, 'inspect-signed-offline')
  await second.page.getByLabel('这批多重（公斤）').fill('890')
  await until('the second phone has sent its word', async () =>
    (await read())[0]?.fields.some(({ field, heads }) => field === 'grams' && heads[0]?.value === 890_000),
  )

  // The browser is killed and opened again, still without a network.
  await phone.kill()
  page = await phone.start()
  await page.goto(`${line.baseUrl}/inspect`)
  await page.getByText(/条等着发/).waitFor()
  await page.goto(`${line.baseUrl}/inspect/${inspectionId}`)
  await page.getByText('已签字，有网就发出').first().waitFor()
  assert.equal((await read())[0]?.state, 'draft')

  // Back in the valley.
  line.mend()
  await signIn(page, line.baseUrl)
  await page.getByRole('button', { name: '现在发' }).click()
  await page.getByText('都已发出').waitFor()
  await page.getByText(/留签字的，或者另做更正/).waitFor()
  const sides = page.getByRole('group', { name: '这批多重' }).getByRole('button', { name: '用这个' })
  await until('both weights stand side by side', async () => (await sides.count()) === 2)
  await keepPicture(page, 'inspect-conflict', true)
  const sent = await read()
  assert.equal(sent.length, 1)
  assert.equal(sent[0]?.signed?.values.grams, 900_000)
  assert.equal(sent[0]?.caseStage, 'coordinating')
  await until('the photo has come too', async () => (await read())[0]?.photos.length === 1)

  // The second phone is shown the same, and its person keeps what was signed.
  await second.page.reload()
  await second.page.getByText(/留签字的，或者另做更正/).waitFor()
  await second.page.getByRole('group', { name: '这批多重' }).getByRole('button', { name: '用这个' }).first().click()
  await second.page.getByText(/留签字的，或者另做更正/).waitFor({ state: 'detached' })
  await until('that is settled at the server too', async () =>
    (await read())[0]?.fields.every(
      ({ field, heads }) => field !== 'grams' || heads.every(({ value }) => value === 900_000),
    ),
  )
  await second.page.goto(`/certificates/${sent[0]?.signed?.certificate}`)
  await second.page.getByRole('heading', { name: '承诺达标合格证' }).waitFor()
  await keepPicture(second.page, 'certificate', true)
})

async function makeCase(house: House): Promise<number> {
  const people = {
    farmer: new DemoSession(house.baseUrl),
    desk: await house.session('relief-desk@demo.chunbo'),
    merchant: await house.session('merchant@demo.chunbo'),
    inspector: await house.session(inspector),
  }
  const caseId = await reportGlut(people, GLUT)
  await acceptGlut(people, caseId, GLUT)
  return caseId
}

async function signIn(page: Page, baseUrl: string): Promise<void> {
  const data = { email: inspector, password: DEMO_PASSWORD }
  const answer = await page.context().request.post(`${baseUrl}/api/auth/sign-in/email`, { data })
  assert.ok(answer.ok(), await answer.text())
}

/** The four steps after the weight, and both signatures, all on the phone alone. */
async function fillAndSign(page: Page): Promise<void> {
  await page.getByLabel('农户姓名').fill('阿依')
  await page.getByRole('button', { name: '测量', exact: true }).click()
  for (const key of [
    '7',
    '1',
    '下一个',
    '7',
    '2',
    '下一个',
    '7',
    '3',
    '下一个',
    '7',
    '4',
    '下一个',
    '7',
    '5',
    '下一个',
  ]) {
    await page.getByRole('button', { name: key, exact: true }).click()
  }
  await page.getByRole('button', { name: '缺陷', exact: true }).click()
  await page.getByRole('button', { name: '萎蔫 加一' }).click()
  await page.getByRole('button', { name: '阴性' }).click()
  await page.getByRole('button', { name: '照片', exact: true }).click()
  const background = { r: 60, g: 140, b: 60 }
  const buffer = await sharp({ create: { width: 1200, height: 900, channels: 3, background } })
    .jpeg()
    .toBuffer()
  await page.locator('input[type=file]').setInputFiles({ name: 'peas.jpg', mimeType: 'image/jpeg', buffer })
  await page.getByRole('img', { name: /拍的照片/ }).waitFor()
  await page.getByRole('button', { name: '签字', exact: true }).click()
  for (const who of ['验货员', '农户']) {
    const box = page.getByRole('img', { name: `${who} · 在这里签名` }).first()
    await box.scrollIntoViewIfNeeded()
    const { x = 0, y = 0, width = 0, height = 0 } = (await box.boundingBox()) ?? {}
    await page.mouse.move(x + width * 0.2, y + height * 0.5)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + height * 0.2, { steps: 6 })
    await page.mouse.move(x + width * 0.8, y + height * 0.7, { steps: 6 })
    await page.mouse.up()
    await page.getByRole('button', { name: '签好了' }).first().click()
    await page.getByRole('img', { name: who === '农户' ? '阿依' : /老赵/ }).waitFor()
  }
  await page.getByRole('button', { name: '确认签字，不再改' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '签', exact: true }).click()
}
