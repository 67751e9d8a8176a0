import type { BagInput, DropEntry, DropPage, PollInput, RoomDrop } from '@chunbo/contract'
import { createLiveWorld, type LiveWorld } from '../../live/testing/live-world.ts'
import { RoomViewer } from '../../live/testing/room-viewer.ts'

export type Bag = Extract<RoomDrop, { kind: 'bag' }>
export type Poll = Extract<RoomDrop, { kind: 'poll' }>

/** The live world with what the tests of a show ask for again and again. */
export interface ShowWorld extends LiveWorld {
  /** Buyers without roles, as many as wanted, by one statement. */
  buyers(count: number): Promise<number[]>
  bag(roomId: number, more?: Partial<BagInput>): Promise<Bag>
  poll(roomId: number, more?: Partial<PollInput>): Promise<Poll>
  enter(dropId: number, as: number): Promise<{ status: number; body: DropEntry & { code?: string } }>
  drop(dropId: number): Promise<DropPage>
  /** Sets the end of a drop to the moment just after its beginning, as if its time had run out. */
  runOut(dropId: number): Promise<void>
  /** A socket in the room; without `as` a stranger's. */
  watch(roomId: number, as?: number): RoomViewer
}

export async function createShowWorld(): Promise<ShowWorld> {
  const world = await createLiveWorld()
  const open: RoomViewer[] = []
  const more: Omit<ShowWorld, keyof LiveWorld> = {
    async buyers(count) {
      const rows = await world.app.platform.db.query<{ id: number }>(
        `insert into users (name, email) select '买家' || n, 'buyer' || n || '-' || gen_random_uuid() || '@example.org'
         from generate_series(1, $1) n returning id`,
        [count],
      )
      return rows.map(({ id }) => id)
    },
    bag: async (roomId, edit = {}) =>
      (await world.desk('POST', `/api/rooms/${roomId}/bags`, {
        prizeZh: '甜豌豆一箱',
        prizeEn: 'A box of peas',
        prizeFen: 4_990,
        prizes: 3,
        condition: 'none',
        seconds: 600,
        ...edit,
      })) as unknown as Bag,
    poll: async (roomId, edit = {}) =>
      (await world.desk('POST', `/api/rooms/${roomId}/polls`, {
        questionZh: '下一个讲什么',
        options: [{ zh: '豌豆' }, { zh: '木瓜', en: 'Papaya' }, { zh: '党参' }],
        seconds: 600,
        ...edit,
      })) as unknown as Poll,
    enter: (dropId, as) => world.ask('POST', `/api/drops/${dropId}/enter`, { as }),
    drop: async (dropId) => (await world.ask<DropPage>('GET', `/api/drops/${dropId}`)).body,
    async runOut(dropId) {
      await world.app.platform.db.query(
        `update room_drops set closes_at = opened_at + interval '1 millisecond' where id = $1`,
        [dropId],
      )
    },
    watch(roomId, as) {
      const viewer = new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`, {
        ...(as === undefined ? {} : { cookie: world.cookieOf(as) }),
      })
      open.push(viewer)
      return viewer
    },
  }
  const close = async () => {
    for (const { ws } of open) ws.terminate()
    await world.close()
  }
  // Not spread: `app` and the addresses of the live world change when it is started again.
  return Object.assign(Object.create(world) as LiveWorld, more, { close })
}
