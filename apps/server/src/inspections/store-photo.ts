import { createHash } from 'node:crypto'
import type { Picture } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { InspectionsContext } from './context.ts'

/** Bytes of a photo, at most; the app makes them smaller before it keeps them. */
export const PHOTO_BYTES_MAX = 10 * 1024 * 1024

interface Known {
  readonly same: boolean
  readonly picture: Picture
}

/**
 * Stores a photo under the id that the device gave it. Sent again it is answered again and stored once; other bytes under the
 * same id are refused, so what was signed cannot be exchanged.
 * @throws Refusal inspections.photo_differs, and those of the catalogue for what is no picture
 */
export async function storePhoto(
  context: InspectionsContext,
  id: string,
  bytes: Uint8Array,
  userId: number,
): Promise<{ id: string; picture: Picture; replayed: boolean }> {
  const { db, clock } = context.platform
  const sha256 = createHash('sha256').update(bytes).digest()
  const find = async () =>
    first(
      await db.query<Known>(
        `select f.sha256 = $2 and f.user_id = $3 as same,
           jsonb_build_object('id', p.id, 'width', p.width, 'height', p.height) as picture
         from inspection_photos f join pictures p on p.id = f.picture_id where f.id = $1`,
        [id, sha256, userId],
      ),
    )
  const known = await find()
  if (known?.same === false) throw new Refusal('inspections.photo_differs')
  if (known) return { id, picture: known.picture, replayed: true }
  const picture = await context.catalogue.storePicture(userId, bytes)
  const made = await db.query(
    `insert into inspection_photos (id, picture_id, sha256, user_id, uploaded_at) values ($1, $2, $3, $4, $5)
     on conflict (id) do nothing returning id`,
    [id, picture.id, sha256, userId, clock.now()],
  )
  if (made.length > 0) return { id, picture, replayed: false }
  // The same photo came twice at once; the other one was first.
  const other = await find()
  if (!other?.same) throw new Refusal('inspections.photo_differs')
  return { id, picture: other.picture, replayed: true }
}
