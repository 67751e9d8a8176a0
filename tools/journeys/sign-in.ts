import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../demo/people.ts'
import type { Visitor } from './visitor.ts'

/** Signs in by email on the sign-in page, as staff do, and arrives at `next`. */
export async function signInByEmail(page: Page, email: string, next: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
  await page.getByRole('tab', { name: '邮箱密码' }).click()
  await page.getByLabel('邮箱', { exact: true }).fill(email)
  await page.getByLabel('密码').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL(`**${next}`)
}

/**
 * Signs in by a code to the phone in the form that stands on the page, be it the sign-in page or a sheet: the code is
 * read in another tab, from the page on which the demonstration shows it.
 */
export async function signInByPhone(page: Page, phone: string): Promise<void> {
  await page.getByLabel('手机号').fill(phone)
  await page.getByRole('button', { name: '发送验证码' }).click()
  await page.getByRole('button', { name: /秒后可重发/ }).waitFor()
  const [codes] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: '在这里看验证码' }).click(),
  ])
  // The page also lists the logins with their phones, and what comes first is chance: only a code has six digits on its button.
  const shown = codes
    .getByRole('listitem')
    .filter({ hasText: phone.slice(-4) })
    .getByRole('button', { name: /\d{6}$/ })
    .first()
  const code = /\d{6}/.exec((await shown.textContent()) ?? '')?.[0] ?? ''
  await codes.close()
  await page.getByLabel('验证码', { exact: true }).fill(code)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

/** Signs in without the page, for journeys that are about something else. */
export async function signInQuietly(visitor: Visitor, email: string): Promise<void> {
  const response = await visitor.context.request.post('/api/auth/sign-in/email', {
    data: { email, password: DEMO_PASSWORD },
  })
  assert.ok(response.ok(), `${email} could not sign in: ${response.status()} ${await response.text()}`)
}
