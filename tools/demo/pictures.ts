import sharp from 'sharp'
import { HOST_LOOKS } from './draw/host-figure.ts'
import type { ShapeName } from './draw/produce-shapes.ts'
import { roomFrame } from './draw/room-scene.ts'
import { produceCloseUp, produceScene } from './draw/scenes.ts'
import type { DemoSession } from './session.ts'

const WIDTH_PX = 900
const HEIGHT_PX = 1200

async function upload(session: DemoSession, svg: string, name: string): Promise<string> {
  const jpeg = await sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).jpeg({ quality: 88 }).toBuffer()
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), `${name}.jpg`)
  const picture = await session.send<{ id: string }>('POST', '/api/pictures', form)
  return picture.id
}

/** Draws and uploads the pictures of a product: the heap on the table and a close-up. Gives their ids. */
export async function uploadProductPictures(session: DemoSession, shape: ShapeName, seed: number): Promise<string[]> {
  return [
    await upload(session, produceScene(shape, WIDTH_PX, HEIGHT_PX, seed), `${shape}-scene`),
    await upload(session, produceCloseUp(shape, WIDTH_PX, HEIGHT_PX, seed), `${shape}-close`),
  ]
}

/** Draws and uploads the cover of a room: its host with the produce in hand. Gives its id. */
export async function uploadCover(session: DemoSession, shape: ShapeName, look: 0 | 1 | 2): Promise<string> {
  const host = HOST_LOOKS[look]
  if (!host) throw new RangeError(`no host look ${look}`)
  return upload(session, roomFrame(shape, host, 0.13 + look * 0.21), `cover-${shape}`)
}
