import { chengbu } from './counties/chengbu.ts'
import { CHENGBU, type DemoShop, JINGDONG, MAGUAN, PINGSHUN } from './counties/demo-shop.ts'
import { jingdong } from './counties/jingdong.ts'
import { maguan } from './counties/maguan.ts'
import { pingshun } from './counties/pingshun.ts'
import type { ShapeName } from './draw/produce-shapes.ts'

/**
 * The demo world: the four counties of the report of March 2020 with their produce. Shops, people, stocks and prices are
 * made up and say so; places and produce are real.
 */
export const DEMO_SHOPS: readonly DemoShop[] = [jingdong, maguan, chengbu, pingshun]

export interface DemoRoom {
  readonly countyCode: number
  readonly titleZh: string
  readonly titleEn: string
  readonly hostName: string
  readonly hostOffice: string
  readonly hostOfficeEn: string
  /** Hours from now to the start; null is the room that is on air. */
  readonly inHours: number | null
  readonly cover: ShapeName
  readonly look: 0 | 1 | 2
}

export const DEMO_ROOMS: readonly DemoRoom[] = [
  {
    countyCode: JINGDONG,
    titleZh: '景东豌豆等你来 县长清早下地',
    titleEn: 'Jingdong peas: the county head is in the field at dawn',
    hostName: '李文山',
    hostOffice: '副县长',
    hostOfficeEn: 'Deputy county head',
    inHours: null,
    cover: 'peaPod',
    look: 0,
  },
  {
    countyCode: MAGUAN,
    titleZh: '一勺像冰糖 马关木瓜今晚开吃',
    titleEn: 'Maguan papaya by the spoon, tonight',
    hostName: '陶秀英',
    hostOffice: '副县长',
    hostOfficeEn: 'Deputy county head',
    inHours: 5,
    cover: 'papaya',
    look: 1,
  },
  {
    countyCode: PINGSHUN,
    titleZh: '太行山上挖党参 平顺专场',
    titleEn: 'Digging codonopsis in the Taihang mountains',
    hostName: '申国强',
    hostOffice: '县长',
    hostOfficeEn: 'County head',
    inHours: 29,
    cover: 'dangshen',
    look: 2,
  },
  {
    countyCode: CHENGBU,
    titleZh: '城步辣椒现场吃 敢不敢来',
    titleEn: 'Chengbu chillies, eaten on camera',
    hostName: '杨美兰',
    hostOffice: '农户',
    hostOfficeEn: 'Farmer',
    inHours: 53,
    cover: 'chiliJar',
    look: 1,
  },
]
