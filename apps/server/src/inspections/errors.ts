import { type ErrorTable, registerErrors } from '../platform/problem.ts'

export const inspectionErrors = {
  'inspections.not_found': { status: 404, zh: '没有这次验货', en: 'There is no such inspection' },
  'inspections.field_unknown': {
    status: 422,
    zh: '验货单上没有 {field} 这一项',
    en: 'An inspection has no field called {field}',
  },
  'inspections.value_invalid': {
    status: 422,
    zh: '{field} 的内容不对，没有记下',
    en: 'The value for {field} does not fit and was not taken',
  },
  'inspections.op_differs': {
    status: 409,
    zh: '这条记录的编号已经用在别的内容上',
    en: 'The number of this record was used for something else already',
  },
  'inspections.other_case': {
    status: 409,
    zh: '这次验货属于另一个个案',
    en: 'This inspection belongs to another case',
  },
  'inspections.corrects_unknown': {
    status: 422,
    zh: '要更正的那次验货不存在，或者还没有签字',
    en: 'The inspection to be put right does not exist or is not signed',
  },
  'inspections.too_many_ops': {
    status: 409,
    zh: '一次验货最多记 {max} 条改动',
    en: 'An inspection takes at most {max} changes',
  },
  'inspections.too_many': {
    status: 429,
    zh: '一个人一天最多开 {max} 次验货',
    en: 'One person can begin at most {max} inspections in a day',
  },
  'inspections.sign_incomplete': {
    status: 422,
    zh: '还不能签字，缺：{missing}',
    en: 'It cannot be signed yet; missing: {missing}',
  },
  'inspections.already_signed': {
    status: 409,
    zh: '这次验货已经由 {name} 签字，两份都留着；要改请做更正',
    en: '{name} has signed this inspection already; both are kept, and a correction changes it',
  },
  'inspections.already_corrected': {
    status: 409,
    zh: '原来那次验货已经由 {name} 更正过了，两份都留着',
    en: '{name} has put that inspection right already; both are kept',
  },
  'inspections.nothing_to_settle': {
    status: 409,
    zh: '这次验货没有要处理的事',
    en: 'There is nothing to decide about this inspection',
  },
  'inspections.case_went_on': {
    status: 409,
    zh: '个案现在是另一个阶段，这次验货不能再推动它',
    en: 'The case is at another stage by now, so this inspection cannot move it',
  },
  'inspections.photo_differs': {
    status: 409,
    zh: '这个编号下已经有另一张照片',
    en: 'There is another photo under this number already',
  },
  'inspections.photo_needed': {
    status: 415,
    zh: '请上传 JPEG、PNG 或 WebP 照片',
    en: 'Send a JPEG, PNG or WebP photo',
  },
  'inspections.certificate_not_found': { status: 404, zh: '没有这张合格证', en: 'There is no such certificate' },
} satisfies ErrorTable
registerErrors(inspectionErrors)
