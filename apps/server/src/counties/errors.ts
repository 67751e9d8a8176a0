import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const countyErrors = {
  'counties.unknown': { status: 404, zh: '没有这个区县', en: 'There is no such county' },
} satisfies ErrorTable
registerErrors(countyErrors)
