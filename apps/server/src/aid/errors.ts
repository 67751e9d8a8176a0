import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const aidErrors = {
  'aid.task_not_found': { status: 404, zh: '这个个案没有这项准备', en: 'This case has no such task' },
  'aid.changed_meanwhile': {
    status: 409,
    zh: '刚被别人改过（现在是第 {version} 版），请看过最新内容再改',
    en: 'Somebody else has just changed this (now version {version}); look at it again, then change it',
  },
  'aid.document_not_found': { status: 404, zh: '没有这份单据', en: 'There is no such document' },
  'aid.document_needs_one': {
    status: 422,
    zh: '单据要么是一张图片，要么是一个 https 链接',
    en: 'A document is a picture or an https address, one of the two',
  },
  'aid.picture_unknown': { status: 422, zh: '没有这张图片', en: 'There is no such picture' },
  'aid.too_many_documents': {
    status: 409,
    zh: '一个个案最多 {max} 份单据',
    en: 'A case keeps at most {max} documents',
  },
  'aid.not_on_track': {
    status: 409,
    zh: '商家接单之后才能准备上架',
    en: 'Going on sale can be prepared once a merchant has accepted',
  },
  'aid.draft_incomplete': {
    status: 409,
    zh: '还不能上架，缺：{missing}',
    en: 'It cannot go on sale yet; missing: {missing}',
  },
  'aid.draft_not_kept': {
    status: 409,
    zh: '上架的内容还没有保存',
    en: 'What is to go on sale has not been kept yet',
  },
  'aid.produce_unknown': {
    status: 409,
    zh: '先在个案里选定品种，才能上架',
    en: 'Choose the produce of the case first; then it can go on sale',
  },
  'aid.not_on_page': { status: 404, zh: '爱心助农里没有这个个案', en: 'This case is not on the aid page' },
} satisfies ErrorTable
registerErrors(aidErrors)
