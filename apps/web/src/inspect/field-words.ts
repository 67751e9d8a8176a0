import type { GradePart } from '@chunbo/contract/inspection-grade'
import type { Defect } from '@chunbo/contract/inspection-plan'
import { formatTotalWeight } from '@chunbo/contract/mass'
import { locale, texts } from '../i18n/index.ts'
import { momentText } from '../ui/when.ts'
import { defectWords, t } from './texts.ts'

const w = texts({
  started: ['开始的时间和地点', 'When and where it began'],
  batch: ['批次', 'Batch'],
  place: ['地点', 'Place'],
  note: ['备注', 'Note'],
  farmer: ['农户', 'Farmer'],
  grams: ['这批多重', 'Weight of the batch'],
  pieces: ['看了几个', 'Pieces looked at'],
  photo: ['照片', 'Photo'],
  photoTaken: ['{at} 拍的', 'taken {at}'],
  removed: ['去掉了', 'removed'],
  signature: ['{who}签名', 'Signature: {who}'],
  signedBy: ['{name} · {at}', '{name} · {at}'],
  dropped: ['放弃这次验货', 'Dropped'],
  yes: ['是', 'yes'],
  no: ['否', 'no'],
  sugarMean: ['平均 {value} °Brix', 'mean {value} °Brix'],
  sugarNeeds: ['要 {limit} °Brix', 'needs {limit} °Brix'],
  sizeSpread: ['大小相差 {value} %', 'spread of {value} %'],
  share: ['占 {value} %', '{value} % of pieces'],
  most: ['不超过 {limit} %', 'at most {limit} %'],
  missing: ['还没量完', 'not all measured yet'],
  untested: ['没测，最高一级', 'untested: Class I at best'],
  negative: ['阴性', 'negative'],
  positive: ['阳性', 'positive'],
})

/** 0.1 units as text: 123 is 12.3. Integers only, so nothing is rounded. */
export const tenthsText = (tenths: number) => `${Math.trunc(tenths / 10)}.${tenths % 10}`

/** What a field such as sugar/3 is called. */
export function fieldName(field: string): string {
  const [kind = '', rest = ''] = field.split('/')
  switch (kind) {
    case 'sugar':
    case 'size':
      return `${t(kind)} · ${t('sample', { n: rest })}`
    case 'defect':
      return defectWords(rest as Defect)
    case 'signature':
      return w('signature', { who: t(rest === 'farmer' ? 'farmer' : 'inspector') })
    case 'residue':
      return t('residue')
    case 'started':
    case 'batch':
    case 'place':
    case 'note':
    case 'farmer':
    case 'grams':
    case 'pieces':
    case 'photo':
    case 'dropped':
      return w(kind)
    default:
      return field
  }
}

const residues = { negative: 'residueNegative', positive: 'residuePositive', not_done: 'residueNot' } as const
export const residueText = (residue: keyof typeof residues) => t(residues[residue])

/** What a field's value says, in one line. */
export function valueText(field: string, value: unknown): string {
  const [kind = ''] = field.split('/')
  if (value === null || value === undefined || value === '') return kind === 'photo' ? w('removed') : t('noValue')
  if (kind === 'sugar') return `${tenthsText(Number(value))} °Brix`
  if (kind === 'size') return `${Number(value)} mm`
  if (kind === 'grams') return formatTotalWeight(Number(value), locale.value)
  if (kind === 'residue') return residueText(value as keyof typeof residues)
  if (kind === 'dropped') return value === true ? w('yes') : w('no')
  const parts = value as { at?: string; name?: string; phone?: string }
  if (kind === 'photo') return w('photoTaken', { at: momentText(parts.at ?? '') })
  if (kind === 'signature') return w('signedBy', { name: parts.name ?? '', at: momentText(parts.at ?? '') })
  if (kind === 'started') return momentText(parts.at ?? '')
  if (kind === 'farmer') return [parts.name, parts.phone].filter(Boolean).join(' · ')
  return String(value)
}

/** Why a measure allows the grade that it allows. */
export function partReason(part: GradePart): string {
  const { measure, value, limit } = part
  if (measure === 'residue') {
    return part.grade === 'fail' ? w('positive') : part.grade === 'special' ? w('negative') : w('untested')
  }
  if (value === null) return w('missing')
  if (measure === 'sugar') {
    const said = w('sugarMean', { value: tenthsText(value) })
    return limit === null ? said : `${said} · ${w('sugarNeeds', { limit: tenthsText(limit) })}`
  }
  const said = w(measure === 'size' ? 'sizeSpread' : 'share', { value: tenthsText(value) })
  return limit === null ? said : `${said} · ${w('most', { limit: tenthsText(limit) })}`
}
