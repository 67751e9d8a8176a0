import type { MerchantInput } from '@chunbo/contract/merchants'
import type { DemoSession } from './session.ts'

/** A merchant of the demo world; `staff` is whether the published merchant login acts for it. */
interface DemoMerchant extends MerchantInput {
  readonly staff: boolean
  /** Fen a kilogram by produce; `other` is for everything else. */
  readonly pays: Readonly<Record<string, number>>
}

const TONNE_G = 1_000_000
const common = {
  phone: '+8619900000005',
  shopId: null,
  produceSlugs: [],
  grades: [],
  regions: [],
  deliverProvinces: [],
  workingCapitalFen: 300_000_00,
  active: true,
}

/** Made up, with real places: two near the peas of Jingdong, one for dry goods, one far and big. */
const DEMO_MERCHANTS: readonly DemoMerchant[] = [
  {
    ...common,
    name: '鲜际供应链',
    families: ['vegetable', 'fruit'],
    reachKm: 1_200,
    capacityDayG: 20 * TONNE_G,
    lotMinG: 2 * TONNE_G,
    packingDays: 1,
    cold: true,
    warehouses: [{ name: '昆明王家营仓', countyCode: 530114, lngE5: 10_286_000, latE5: 2_488_000 }],
    staff: true,
    pays: { 'pea-pod': 520, papaya: 260, other: 300 },
  },
  {
    ...common,
    name: '滇味食集（演示）',
    families: ['vegetable', 'fruit', 'mushroom'],
    reachKm: 600,
    capacityDayG: 5 * TONNE_G,
    lotMinG: TONNE_G / 2,
    packingDays: 0,
    cold: false,
    warehouses: [{ name: '大理下关仓', countyCode: 532901, lngE5: 10_022_000, latE5: 2_559_000 }],
    staff: false,
    pays: { 'pea-pod': 480, other: 280 },
  },
  {
    ...common,
    name: '太行山货行（演示）',
    families: ['herb', 'dried', 'grain', 'nut'],
    reachKm: 1_500,
    capacityDayG: 10 * TONNE_G,
    lotMinG: TONNE_G / 5,
    packingDays: 2,
    cold: false,
    warehouses: [{ name: '长治仓', countyCode: 140403, lngE5: 11_313_000, latE5: 3_619_000 }],
    staff: false,
    pays: { other: 1_600 },
  },
  {
    ...common,
    name: '江南生鲜（演示）',
    families: ['vegetable', 'fruit'],
    reachKm: 3_000,
    capacityDayG: 60 * TONNE_G,
    lotMinG: 8 * TONNE_G,
    packingDays: 1,
    cold: true,
    workingCapitalFen: null,
    warehouses: [{ name: '广州江南仓', countyCode: 440111, lngE5: 11_324_000, latE5: 2_319_000 }],
    staff: false,
    pays: { other: 420 },
  },
]

const DAY_MS = 86_400_000
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10)

/** Sets up the merchants with prices and papers that hold, and makes the merchant login the staff of the first. */
export async function setUpMerchants(operator: DemoSession, merchantUserId: number): Promise<void> {
  for (const { staff, pays, ...profile } of DEMO_MERCHANTS) {
    const { id } = await operator.send<{ id: number }>('POST', '/api/merchants', profile)
    const prices = Object.entries(pays).map(([slug, fenPerKg]) => ({
      produceSlug: slug === 'other' ? null : slug,
      fenPerKg,
      from: day(0),
      until: day(180),
    }))
    await operator.send('PUT', `/api/merchants/${id}/prices`, { prices })
    // The first one's food licence ends within the month, so that its renewal is seen.
    for (const kind of ['business_licence', 'food_licence']) {
      const validUntil = day(staff && kind === 'food_licence' ? 20 : 900)
      const paper = { kind, number: `演示 ${id}`, pictureId: null, validUntil }
      const { papers } = await operator.send<{ papers: { id: number }[] }>('POST', `/api/merchants/${id}/papers`, paper)
      await operator.send('POST', `/api/merchants/${id}/papers/${papers[0]?.id}/check`, { holds: true })
    }
    if (staff) await operator.send('PUT', `/api/merchants/${id}/staff`, { userIds: [merchantUserId] })
  }
}
