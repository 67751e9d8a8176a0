import type { Role } from '@chunbo/contract'
import { CHENGBU, JINGDONG, MAGUAN, PINGSHUN } from './counties/demo-shop.ts'

/** A login of the demo world. Everyone has the same published password. */
export interface DemoPerson {
  readonly role: Role | 'buyer'
  readonly nameZh: string
  readonly phone: string
  readonly email: string
  /** Counties of the grant, one grant each. */
  readonly counties?: readonly number[]
  /** Key of the shop of the grant. */
  readonly shop?: string
}

export const DEMO_PASSWORD = 'chunbo-demo'

const person = (
  role: DemoPerson['role'],
  nameZh: string,
  number: number,
  scope: Pick<DemoPerson, 'counties' | 'shop'> = {},
): DemoPerson => ({
  role,
  nameZh,
  // 1990000xxxx is no range that an operator gives out; the demo sends no messages anyway.
  phone: `+8619900000${String(number).padStart(3, '0')}`,
  email: `${role.replace('_', '-')}${number > 100 ? number : ''}@demo.chunbo`,
  ...scope,
})

const EVERYWHERE = [JINGDONG, MAGUAN, CHENGBU, PINGSHUN]

/** The first of each role is what `npm start` prints. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('operator', '平台管理员 小春', 1),
  person('host', '景东直播间 李文山', 2, { counties: EVERYWHERE }),
  person('shop', '豌豆合作社 阿依', 3, { shop: 'jingdong' }),
  person('commissioner', '脱贫特派员 周立', 4, { counties: EVERYWHERE }),
  person('merchant', '鲜际供应链 陈采', 5),
  person('inspector', '验货员 老赵', 6),
  person('relief_desk', '助农专线 小林', 7),
  person('editor', '频道编辑 小米', 8),
  person('buyer', '买家 王阿姨', 9),
  person('shop', '木瓜园 陶师傅', 101, { shop: 'maguan' }),
  person('shop', '苗乡土货铺 杨姐', 102, { shop: 'chengbu' }),
  person('shop', '太行药材 申叔', 103, { shop: 'pingshun' }),
]

/** Buyers whose past orders fill the figures of the demo. */
export const DEMO_BUYERS: readonly DemoPerson[] = ['刘女士', '张先生', '吴阿姨', '小郑', '孙老师', '何姐'].map(
  (name, index) => person('buyer', name, 201 + index),
)
