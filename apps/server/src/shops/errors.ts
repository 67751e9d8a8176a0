import { type ErrorTable, registerErrors } from '../platform/problem.ts'

export const shopErrors = {
  'shops.not_found': { status: 404, zh: '没有这家店', en: 'There is no such shop' },
  'shops.county_unknown': {
    status: 422,
    zh: '没有代码为 {countyCode} 的县',
    en: 'There is no county with the code {countyCode}',
  },
  'shops.changed_meanwhile': {
    status: 409,
    zh: '这家店的资料刚被别人改过，请看过最新内容再保存',
    en: 'Somebody else has just changed this shop; look at the newest version, then save again',
  },
} satisfies ErrorTable
registerErrors(shopErrors)
