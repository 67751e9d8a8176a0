import { randomUUID } from 'node:crypto'
import { PICTURE_WIDTHS, type Picture } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Storage } from '../platform/storage.ts'
import { type EncodedPicture, encodePicture } from './picture.ts'

/** Pictures of an account, at most. */
export const USER_PICTURES_MAX = 5_000
/** Attempts of an account in an hour by the clock, at most; a refused upload counts, since it cost the work of looking at it. */
export const USER_ATTEMPTS_PER_HOUR = 120
/** Pictures decoded at once; each may need some 200 MB for a moment. */
const DECODING_MAX = 2
/** Uploads that wait for a decoder, each holding its 10 MB, at most. */
const WAITING_MAX = 8

/** Lets at most DECODING_MAX pieces of work run and WAITING_MAX wait; the next is refused at once. */
export function createDecoderGate(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= DECODING_MAX) {
      if (waiting.length >= WAITING_MAX) throw new Refusal('catalogue.pictures_busy', {}, { retryAfterS: 5 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** Storage key of one width of a picture. */
export const pictureKey = (id: string, width: number) => `pictures/${id.slice(0, 2)}/${id}/${width}.webp`

async function countAttempt(db: Database, userId: number, at: Date): Promise<void> {
  const rows = await db.query(
    `insert into picture_quota as q (user_id, total, hour, in_hour) values ($1, 0, date_trunc('hour', $2::timestamptz), 1)
     on conflict (user_id) do update set hour = excluded.hour,
       in_hour = case when q.hour = excluded.hour then q.in_hour + 1 else 1 end
     where q.hour <> excluded.hour or q.in_hour < $3
     returning 1`,
    [userId, at, USER_ATTEMPTS_PER_HOUR],
  )
  if (rows.length === 0) throw new Refusal('catalogue.picture_limit', {}, { retryAfterS: 3600 })
}

async function recordPicture(
  db: Database,
  id: string,
  userId: number,
  picture: EncodedPicture,
  at: Date,
): Promise<void> {
  const rows = await db.query(
    `with q as (update picture_quota set total = total + 1 where user_id = $2 and total < $6 returning 1)
     insert into pictures (id, owner_user_id, width, height, created_at) select $1, $2, $3, $4, $5 from q returning id`,
    [id, userId, picture.width, picture.height, at, USER_PICTURES_MAX],
  )
  if (rows.length === 0) throw new Refusal('catalogue.pictures_full', { max: USER_PICTURES_MAX })
}

export interface PictureStore {
  /** Takes an upload of at most 10 MB: counts it, checks and encodes it, stores three widths. @throws Refusal */
  store(userId: number, bytes: Uint8Array, declaredType: string, at: Date): Promise<Picture>
  /** The same for somebody without an account; the caller sees to limits and removes what is not needed. @throws Refusal */
  storeStrangers(bytes: Uint8Array, declaredType: string, at: Date): Promise<Picture>
  /** Removes a picture that nothing refers to; one that is not there is no error. */
  remove(id: string): Promise<void>
}

export function createPictureStore(db: Database, storage: Storage): PictureStore {
  const gate = createDecoderGate()
  const removeFiles = (id: string) => Promise.all(PICTURE_WIDTHS.map((width) => storage.remove(pictureKey(id, width))))
  async function keep(
    bytes: Uint8Array,
    declaredType: string,
    record: (id: string, picture: EncodedPicture) => Promise<unknown>,
  ): Promise<Picture> {
    const picture = await gate(() => encodePicture(bytes, declaredType))
    const id = randomUUID()
    // Files first: a row that can be attached always has them. Files without a row are unreachable and small.
    for (const file of picture.files) await storage.put(pictureKey(id, file.width), file.bytes)
    try {
      await record(id, picture)
    } catch (error) {
      await removeFiles(id)
      throw error
    }
    return { id, width: picture.width, height: picture.height }
  }
  return {
    async store(userId, bytes, declaredType, at) {
      await countAttempt(db, userId, at)
      return keep(bytes, declaredType, (id, picture) => recordPicture(db, id, userId, picture, at))
    },
    storeStrangers: (bytes, declaredType, at) =>
      keep(bytes, declaredType, (id, { width, height }) =>
        db.query('insert into pictures (id, width, height, created_at) values ($1, $2, $3, $4)', [
          id,
          width,
          height,
          at,
        ]),
      ),
    async remove(id) {
      await db.query('delete from pictures where id = $1', [id])
      await removeFiles(id)
    },
  }
}
