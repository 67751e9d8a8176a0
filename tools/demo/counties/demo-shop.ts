import type { Grade } from '@chunbo/contract'
import type { ShapeName } from '../draw/produce-shapes.ts'

export interface DemoSku {
  readonly titleZh: string
  readonly titleEn: string
  readonly packZh: string
  readonly packEn: string
  readonly storyZh: string
  readonly storyEn: string
  readonly netG: number
  readonly priceFen: number
  readonly buyerLimit: number
  readonly stock: number
  /** Packs that demo buyers have bought already. */
  readonly sold: number
  readonly shape: ShapeName
}
export interface DemoLot {
  readonly produceSlug: string
  readonly township: string
  readonly village: string
  readonly farm: string
  readonly grade: Grade
  readonly grams: number
  /** Days from the start of the demo to the first and the last day of the harvest. */
  readonly harvestDays: readonly [from: number, to: number]
  readonly skus: readonly DemoSku[]
}
export interface DemoShop {
  readonly key: string
  readonly countyCode: number
  readonly nameZh: string
  readonly nameEn: string
  readonly aboutZh: string
  readonly aboutEn: string
  readonly lots: readonly DemoLot[]
}

/** Division codes of the four counties. */
export const JINGDONG = 530823
export const MAGUAN = 532625
export const CHENGBU = 430529
export const PINGSHUN = 140425
