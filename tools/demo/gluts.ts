import { JINGDONG, MAGUAN } from './counties/demo-shop.ts'
import { uploadProductPictures } from './pictures.ts'
import { acceptGlut, type DemoGlut, inspectGlut, listGlut, type ReliefPeople, reportGlut } from './relief-case.ts'

/** Peas that are on the aid page. */
const PEAS: DemoGlut = {
  produceSlug: 'pea-pod',
  family: 'pod',
  tonnes: 18,
  countyCode: JINGDONG,
  township: '文井镇',
  village: '清凉村',
  lngE5: 10_078_000,
  latE5: 2_434_000,
  households: 46,
  harvestDays: [0, 6],
  floorFenPerKg: 480,
  words: '豌豆全鼓了，往年来收的客商今年没有来。',
  farmer: { name: '阿依', phone: '+8619900000003' },
}
/** Papaya that a merchant has accepted: the next thing is the inspection, and the fast track can be prepared. */
const PAPAYA: DemoGlut = {
  produceSlug: 'papaya',
  family: 'tropical',
  tonnes: 9,
  countyCode: MAGUAN,
  township: '马白镇',
  village: '小坝子村',
  lngE5: 10_439_000,
  latE5: 2_302_000,
  households: 21,
  harvestDays: [0, 10],
  floorFenPerKg: 220,
  words: '木瓜熟得快，再不摘就要掉了。',
  farmer: { name: '陶师傅', phone: '+8619900000101' },
}
/** What is sold of the peas when the demo begins, in packs. */
const SOLD_PACKS = 14

/** Loads a glut that is on sale and one that is on its way there. Gives the SKUs that are to have been bought. */
export async function loadGluts(
  people: ReliefPeople,
): Promise<{ shopId: number; skuId: number; countyCode: number; priceFen: number; sold: number }[]> {
  const peas = await reportGlut(people, PEAS)
  await acceptGlut(people, peas, PEAS)
  await inspectGlut(people, peas, PEAS)
  const pictureIds = await uploadProductPictures(people.desk, 'peaPod', 7)
  const skus = await listGlut(people, peas, { farmerFenPerKg: 560, pictureIds })
  const papaya = await reportGlut(people, PAPAYA)
  await acceptGlut(people, papaya, PAPAYA)
  return skus.map(({ shopId, skuId, priceFen }) => ({
    shopId,
    skuId,
    priceFen,
    countyCode: JINGDONG,
    sold: SOLD_PACKS,
  }))
}
