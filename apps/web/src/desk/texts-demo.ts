import { texts } from '../i18n/index.ts'

/** Texts of the page that says this is a demonstration: [Chinese, English]. */
export const demoText = texts({
  title: ['这是一个演示', 'This is a demonstration'],
  body: [
    '这里的店铺、订单和钱都是假的，数据随时可能清空。不要填真实的地址和密码。',
    'Shops, orders and money here are not real, and the data may be wiped at any time. Do not enter real addresses or passwords.',
  ],
  logins: ['用哪个身份看看', 'Ways to sign in'],
  loginsHelp: ['用手机号和验证码，或用邮箱和密码登录。', 'Sign in by phone and code, or by email and password.'],
  enter: ['用这个身份进入', 'Enter as this'],
  phone: ['手机号', 'Phone'],
  email: ['邮箱', 'Email'],
  password: ['密码', 'Password'],
  codes: ['手机验证码', 'Phone codes'],
  codesHelp: [
    '真实系统会发短信；演示里显示在这里，自动刷新。',
    'A real system would send a text message; the demonstration shows the codes here, refreshed by itself.',
  ],
  noCodes: [
    '还没有人要验证码。去登录页输入手机号试试。',
    'No code has been asked for. Enter a phone number on the sign-in page.',
  ],
  signIn: ['去登录', 'Sign in'],
  notDemo: ['这里不是演示站', 'This is not a demonstration site'],
  notDemoHelp: ['请用您自己的账号登录。', 'Sign in with your own account.'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
})
