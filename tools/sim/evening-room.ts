import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PINGSHUN } from '../demo/counties/demo-shop.ts'
import { readFlv } from '../demo/flv.ts'
import { DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson } from '../demo/people.ts'
import { uploadCover, uploadProductPictures } from '../demo/pictures.ts'
import { publishLoop } from '../demo/rtmp-publisher.ts'
import { DemoSession } from '../demo/session.ts'
import type { PlacedGoods } from './buyers.ts'
import { GOODS } from './evening-plan.ts'

const CLIP = fileURLToPath(new URL('../demo/clip/peas.flv', import.meta.url))
const DAY_MS = 86_400_000
const ON_AIR_MS_MAX = 20_000
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10)

export interface EveningRoom {
  readonly roomId: number
  readonly host: DemoSession
  readonly goods: readonly PlacedGoods[]
  /** Ends the video. */
  readonly stopVideo: () => void
}

async function signIn(base: string, wanted: (person: DemoPerson) => boolean): Promise<DemoSession> {
  const person = DEMO_PEOPLE.find(wanted)
  if (!person) throw new Error('the demo world has nobody like that')
  const session = new DemoSession(base)
  await session.signIn(person.email, DEMO_PASSWORD)
  return session
}

/** New goods of the Pingshun shop for this evening, so that earlier evenings leave no trace in its figures. */
async function placeGoods(base: string, orders: number): Promise<PlacedGoods[]> {
  const shop = await signIn(base, ({ shop: key }) => key === 'pingshun')
  const { grants } = await shop.send<{ grants: { role: string; shopId: number | null }[] }>('GET', '/api/me')
  const shopId = grants.find(({ role }) => role === 'shop')?.shopId
  if (!shopId) throw new Error('the keeper of the Pingshun shop has no shop: is this the demo world?')
  const placed: PlacedGoods[] = []
  const pictureIds = await uploadProductPictures(shop, 'milletBowl', 1)
  for (const { titleZh, titleEn, priceFen, netG, packsByOrder } of GOODS) {
    const packs = Math.max(3, Math.ceil(orders * packsByOrder))
    const { id: lotId } = await shop.send<{ id: number }>('POST', `/api/shops/${shopId}/lots`, {
      produceSlug: 'millet',
      countyCode: PINGSHUN,
      township: '石城镇',
      village: '岳家寨村',
      farm: '岳家寨旱地',
      grade: 'first',
      grams: packs * netG,
      harvestFrom: day(-50),
      harvestTo: day(-30),
    })
    const { skuId, version } = await shop.send<{ skuId: number; version: number }>(
      'POST',
      `/api/shops/${shopId}/skus`,
      {
        lotId,
        titleZh: `${titleZh} 平顺之夜`,
        titleEn: `${titleEn}, Pingshun evening`,
        packZh: `${netG} 克装`,
        packEn: `${netG} g`,
        storyZh: '模拟演示用的货。',
        storyEn: 'Goods of a simulation.',
        netG,
        priceFen,
        buyerLimit: 100_000,
        stock: packs,
        pictureIds,
      },
    )
    await shop.send('PATCH', `/api/shops/${shopId}/skus/${skuId}`, { version, status: 'on_sale' })
    placed.push({ shopId, skuId, priceFen, netG, packs })
  }
  return placed
}

/** A room of the Pingshun evening, made by the demo's own people, with its goods on the shelf and on air. */
export async function openEvening(base: string, orders: number, seed: number): Promise<EveningRoom> {
  const goods = await placeGoods(base, orders)
  const host = await signIn(base, ({ role }) => role === 'host')
  const { id: roomId, ingest } = await host.send<{ id: number; ingest: { url: string; streamKey: string } }>(
    'POST',
    '/api/rooms',
    {
      countyCode: PINGSHUN,
      titleZh: `平顺之夜（模拟 ${seed}）`,
      titleEn: `Pingshun evening (simulation ${seed})`,
      hostName: '申国强',
      hostOffice: '县长',
      hostOfficeEn: 'County head',
      scheduledAt: new Date(Date.now() + 60_000).toISOString(),
      coverPictureId: await uploadCover(host, 'dangshen', 2),
    },
  )
  const items = goods.map(({ shopId, skuId }) => ({ shopId, skuId }))
  await host.send('PUT', `/api/rooms/${roomId}/shelf`, { items })
  const video = new AbortController()
  const rtmp = new URL(ingest.url)
  const place = { host: rtmp.hostname, port: Number(rtmp.port || 1935), app: 'live', streamKey: ingest.streamKey }
  let failure: unknown = null
  publishLoop({ ...place, tags: readFlv(await readFile(CLIP)), signal: video.signal }).catch((error: unknown) => {
    failure = error
  })
  const deadlineMs = performance.now() + ON_AIR_MS_MAX
  while (performance.now() < deadlineMs) {
    const { status } = await host.send<{ status: string }>('GET', `/api/rooms/${roomId}`)
    if (status === 'live') return { roomId, host, goods, stopVideo: () => video.abort() }
    if (failure !== null) throw new Error(`the video could not be sent to ${rtmp.host}: ${String(failure)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`the room did not come on air by the video sent to ${rtmp.host}`)
}
