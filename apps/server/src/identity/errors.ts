import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const identityErrors = {
  'identity.sign_in_needed': { status: 401, zh: '请先登录', en: 'Sign in first' },
  'identity.session_expired': {
    status: 401,
    zh: '登录已过期，请重新登录',
    en: 'Your sign-in has ended; sign in again',
  },
  'identity.not_allowed': { status: 403, zh: '您没有做这件事的权限', en: 'You are not allowed to do this' },
  'identity.phone_invalid': { status: 400, zh: '手机号不正确', en: 'This is not a phone number' },
  'identity.email_invalid': { status: 400, zh: '邮箱地址不正确', en: 'This is not an email address' },
  'identity.code_sender_missing': {
    status: 503,
    zh: '本站还没有开通短信，请用邮箱和密码登录',
    en: 'This site cannot send text messages yet; sign in with email and password',
  },
  'identity.code_not_sent': {
    status: 503,
    zh: '短信没有发出去，请稍后再试',
    en: 'The text message could not be sent; try again shortly',
  },
  'identity.code_too_soon': {
    status: 429,
    zh: '验证码发得太频繁，请 {waitS} 秒后再试',
    en: 'Codes are sent only so often; try again in {waitS} seconds',
  },
  'identity.code_wrong': {
    status: 400,
    zh: '验证码不对，还可以试 {attemptsLeft} 次',
    en: 'That is not the code; {attemptsLeft} tries are left',
  },
  'identity.code_expired': {
    status: 400,
    zh: '验证码已失效，请重新获取',
    en: 'The code is no longer valid; ask for a new one',
  },
  'identity.password_wrong': { status: 401, zh: '邮箱或密码不对', en: 'Email or password is wrong' },
  'identity.too_many_tries': {
    status: 429,
    zh: '试的次数太多，请 {waitS} 秒后再试',
    en: 'Too many tries; try again in {waitS} seconds',
  },
  'identity.email_taken': {
    status: 409,
    zh: '这个邮箱已经注册，请直接登录',
    en: 'This email has an account already; sign in instead',
  },
  'identity.demo_account': {
    status: 403,
    zh: '演示账号只能在演示站使用',
    en: 'Demonstration accounts work only where the demonstration is on',
  },
  'identity.address_unknown': { status: 404, zh: '没有这个收货地址', en: 'There is no such address' },
  'identity.too_many_addresses': {
    status: 409,
    zh: '收货地址最多 {max} 个，请先删除不用的',
    en: 'At most {max} addresses are kept; remove one first',
  },
  'identity.region_unknown': { status: 400, zh: '没有这个区县', en: 'There is no such county' },
  'identity.user_unknown': { status: 404, zh: '没有这个用户', en: 'There is no such user' },
  'identity.grant_unknown': {
    status: 404,
    zh: '没有这项授权，或已收回',
    en: 'There is no such grant, or it was taken back',
  },
  'identity.grant_exists': { status: 409, zh: '已经有相同的授权', en: 'The same grant exists already' },
  'identity.grant_scope': {
    status: 400,
    zh: '授权范围与角色不符：店铺角色要指明店铺，主播和特派员要指明县',
    en: 'The scope does not fit the role: shop needs a shop, host and commissioner need a county',
  },
  'identity.grant_term': { status: 400, zh: '授权的结束时间必须晚于开始时间', en: 'A grant must end after it begins' },
  'identity.last_operator': {
    status: 409,
    zh: '不能收回最后一个平台管理员的授权',
    en: 'The last operator cannot be removed',
  },
} satisfies ErrorTable
registerErrors(identityErrors)
