import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const reliefErrors = {
  'relief.case_not_found': { status: 404, zh: '没有这个滞销个案', en: 'There is no such relief case' },
  'relief.case_changed': {
    status: 409,
    zh: '这个个案刚被别人改过，请看过最新情况再操作',
    en: 'Somebody else has just changed this case; look at it again before you act',
  },
  'relief.wrong_stage': {
    status: 409,
    zh: '个案现在的阶段不能这样操作',
    en: 'The case cannot take this step in its present stage',
  },
} satisfies ErrorTable
registerErrors(reliefErrors)
