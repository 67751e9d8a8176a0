import {
  type DraftPack,
  divideText,
  type FreightNote,
  formatPackWeight,
  formatTotalWeight,
  type Grade,
  type Place,
  shortNameZh,
} from '@chunbo/contract'

/** Titles and stories in both languages, made of what is known of a case. Pure. */

export interface StoryFacts {
  readonly place: Place
  /** Names of province and county as English readers spell them. */
  readonly provinceEn: string
  readonly countyEn: string
  readonly township: string
  readonly village: string
  readonly produceZh: string
  readonly produceEn: string
  readonly grams: number
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly households: number | null
  readonly storyZh: string
  readonly storyEn: string
}

const GRADE_ZH: Readonly<Record<Grade, string>> = { special: '特级', first: '一级', second: '二级', ungraded: '' }
const GRADE_EN: Readonly<Record<Grade, string>> = {
  special: 'special grade',
  first: 'first grade',
  second: 'second grade',
  ungraded: '',
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayZh = (day: string) => `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`
const dayEn = (day: string) => `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** "景东豌豆 产地直发", "Peas from Jingdong, sent from the field". */
export function composeTitles(facts: StoryFacts): { titleZh: string; titleEn: string } {
  return {
    titleZh: `${shortNameZh(facts.place.county)}${facts.produceZh} 产地直发`.slice(0, 36),
    titleEn: `${capital(facts.produceEn)} from ${facts.countyEn}, sent from the field`.slice(0, 80),
  }
}

/** The story of a product page: the desk's own words first, then place, harvest, mass and households. */
export function composeStories(facts: StoryFacts): { storyZh: string; storyEn: string } {
  const { place, village, township, households } = facts
  const where = `${place.province}${place.prefecture}${place.county}${township}${village}`
  const families = households === null ? '' : `，${households} 户人家的收成`
  const zh = [
    facts.storyZh,
    `产自${where}。${dayZh(facts.harvestFrom)}至${dayZh(facts.harvestTo)}采收，共 ${formatTotalWeight(facts.grams, 'zh')}${families}，原来的买家没有来。`,
  ]
  const whose = households === null ? '' : `, the harvest of ${households} ${households === 1 ? 'family' : 'families'}`
  const en = [
    facts.storyEn,
    `Grown in ${facts.countyEn}, ${facts.provinceEn}. Harvested from ${dayEn(facts.harvestFrom)} to ${dayEn(facts.harvestTo)}: ${formatTotalWeight(facts.grams, 'en')}${whose}, whose usual buyers did not come.`,
  ]
  const join = (parts: string[]) => parts.filter((part) => part !== '').join('\n\n')
  return { storyZh: join(zh).slice(0, 3000), storyEn: join(en).slice(0, 6000) }
}

/** Title and pack text of one pack: "景东豌豆 产地直发 一级 2.5 公斤", "2.5 公斤装". */
export function composePack(
  titles: { readonly titleZh: string; readonly titleEn: string },
  pack: Pick<DraftPack, 'netG'>,
  grade: Grade,
): { titleZh: string; titleEn: string; packZh: string; packEn: string } {
  const [zh, en] = [formatPackWeight(pack.netG, 'zh'), formatPackWeight(pack.netG, 'en')]
  const words = (parts: string[], gap: string) => parts.filter((part) => part !== '').join(gap)
  return {
    titleZh: words([titles.titleZh.trim(), GRADE_ZH[grade], zh], ' ').slice(0, 60),
    titleEn:
      titles.titleEn.trim() === '' ? '' : words([titles.titleEn.trim(), GRADE_EN[grade], en], ', ').slice(0, 120),
    packZh: `${zh}装`,
    packEn: `${en} pack`,
  }
}

const PAYER_ZH = {
  price: '运费已含在价里',
  shop: '店家包邮',
  county: '运费由县里补贴',
  platform: '运费由平台承担',
} as const
const PAYER_EN = {
  price: 'Freight is in the price',
  shop: 'The shop pays the freight',
  county: 'The county pays the freight',
  platform: 'The platform pays the freight',
} as const

/** What the product page says of freight; `provincesZh` are names, none means all. Cost per kilogram is the desk's business. */
export function composeFreight(
  freight: FreightNote | null,
  provinces: readonly { readonly zh: string; readonly en: string }[],
): { zh: string; en: string } {
  if (freight === null)
    return { zh: '运费已含在价里，买家不另付。', en: 'Freight is in the price; buyers pay nothing on top.' }
  const carrier = freight.carrier.trim()
  const toZh = provinces.length === 0 ? '发往全国' : `只发${provinces.map(({ zh }) => zh).join('、')}`
  const toEn =
    provinces.length === 0
      ? 'Delivered all over China'
      : `Delivered to ${provinces.map(({ en }) => en).join(', ')} only`
  return {
    zh: `${PAYER_ZH[freight.payer]}，买家不另付。${carrier === '' ? '' : `${carrier}承运，`}${toZh}。`,
    en: `${PAYER_EN[freight.payer]}; buyers pay nothing on top. ${toEn}${carrier === '' ? '' : ` by ${carrier}`}.`,
  }
}

/** What the product page says of the inspection: grade, day and grams. */
export function composeProof(batch: { readonly grade: Grade; readonly grams: number; readonly inspectedAt: Date }): {
  zh: string
  en: string
} {
  const day = new Date(batch.inspectedAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const tonnes = `${divideText(batch.grams, 1_000_000, 2)}`
  const [gradeZh, gradeEn] = [GRADE_ZH[batch.grade], GRADE_EN[batch.grade]]
  return {
    zh: `${dayZh(day)}产地验货合格${gradeZh === '' ? '' : `，评为${gradeZh}`}，共 ${tonnes} 吨。`,
    en: `Passed the inspection at origin on ${dayEn(day)}${gradeEn === '' ? '' : ` as ${gradeEn}`}: ${tonnes} t.`,
  }
}
