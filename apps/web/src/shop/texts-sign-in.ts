import { texts } from '../i18n/index.ts'

export const s = texts({
  welcome: ['好收成，直播卖', 'The harvest, live'],
  welcomeText: [
    '登录后下单、看物流；没有账号的手机号会自动注册。',
    'Sign in to buy and to follow your parcels. A new phone number gets its account by itself.',
  ],
  byPhone: ['手机验证码', 'Phone code'],
  byEmail: ['邮箱密码', 'Email'],
  how: ['登录方式', 'How to sign in'],
  phone: ['手机号', 'Phone'],
  code: ['验证码', 'Code'],
  codeHint: ['6 位数字', '6 digits'],
  send: ['发送验证码', 'Send code'],
  sendAgain: ['{n} 秒后可重发', 'Again in {n} s'],
  sent: ['验证码已发送', 'The code is on its way'],
  demoCode: ['这是演示站，不会真的发短信：', 'This is a demonstration, no text message is sent: '],
  demoLink: ['在这里看验证码', 'see the code here'],
  email: ['邮箱', 'Email'],
  password: ['密码', 'Password'],
  passwordHint: ['至少 10 个字', 'At least 10 characters'],
  name: ['怎么称呼你', 'Your name'],
  signIn: ['登录', 'Sign in'],
  signUp: ['注册', 'Create account'],
  toSignUp: ['没有账号？用邮箱注册', 'No account? Sign up with email'],
  toSignIn: ['已有账号？去登录', 'Have an account? Sign in'],
  badPhone: ['手机号不太对，请检查', 'This does not look like a phone number'],
  badCode: ['验证码是 6 位数字', 'The code has 6 digits'],
  need: ['请填写', 'Please fill in'],
  demoLogins: ['演示账号', 'Demonstration logins'],
  demoLoginsText: ['这是演示站，点一个角色就能登录看看。', 'This is a demonstration: choose a role and look around.'],
})

const ROLES = {
  buyer: ['买家', 'Buyer'],
  shop: ['店家', 'Shop'],
  host: ['直播团队', 'Host team'],
  commissioner: ['脱贫特派员', 'Commissioner'],
  merchant: ['对口商家', 'Merchant'],
  inspector: ['验货员', 'Inspector'],
  relief_desk: ['助农专线', 'Relief desk'],
  editor: ['频道编辑', 'Editor'],
  operator: ['平台管理员', 'Operator'],
} as const
const role = texts(ROLES)
/** Word for a role; one that is not known stays as it is. */
export const roleText = (name: string) => (name in ROLES ? role(name as keyof typeof ROLES) : name)
