import { createHash } from 'node:crypto'
import type { RoomCard } from '@chunbo/contract'
import sharp from 'sharp'
import { Refusal } from '../platform/problem.ts'
import { createCardDrawer } from './draw-in-worker.ts'
import {
  CARD_HEIGHT,
  CARD_WIDTH,
  type CardDrawing,
  type CardFacts,
  COVER_HEIGHT,
  drawField,
  drawingOf,
} from './share-card.ts'

/** Bytes over which a card is drawn with a palette. */
const FULL_BYTES_MAX = 500_000
const PALETTE = { compressionLevel: 9, palette: true, quality: 95, effort: 5 } as const
/** Cards kept, at most half a megabyte each. */
const KEPT_MAX = 100
/** Cards that wait to be drawn; one is drawn at a time, in some 150 ms. */
const WAITING_MAX = 20

export interface ShareCard {
  readonly png: Buffer
  readonly etag: string
}

/** Draws share cards, each once as long as what stands on it stays the same. */
export interface ShareBook {
  /** @throws Refusal audience.share_busy */
  card(facts: CardFacts): Promise<ShareCard>
  close(): Promise<void>
}

const hashOf = (drawing: CardDrawing, { cover, county }: RoomCard) =>
  createHash('sha256')
    .update(JSON.stringify([drawing, cover?.id ?? county.code]))
    .digest('base64url')
    .slice(0, 22)

export function createShareBook(readPicture: (id: string) => Promise<Buffer | null>): ShareBook {
  const kept = new Map<string, Promise<ShareCard>>()
  const drawer = createCardDrawer()
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function coverOf({ cover, county }: RoomCard): Promise<Buffer> {
    const bytes = cover ? await readPicture(cover.id) : null
    const field = () =>
      sharp(Buffer.from(drawField(county.code)))
        .png()
        .toBuffer()
    if (bytes === null) return field()
    return sharp(bytes, { limitInputPixels: 50_000_000 })
      .resize(CARD_WIDTH, COVER_HEIGHT, { fit: 'cover', position: 'attention' })
      .toBuffer()
      .catch(field)
  }
  async function draw(drawing: CardDrawing, room: RoomCard, etag: string): Promise<ShareCard> {
    const [cover, words] = await Promise.all([coverOf(room), drawer.draw(drawing)])
    const canvas = { width: CARD_WIDTH, height: CARD_HEIGHT, channels: 3, background: '#FBF8F1' } as const
    const card = sharp({ create: canvas }).composite([
      { input: cover, left: 0, top: 0 },
      { input: Buffer.from(words), left: 0, top: 0 },
    ])
    // A drawn field is small in full colour; a photograph is cut to a palette where it would weigh too much for a phone.
    const full = await card.clone().png({ compressionLevel: 9 }).toBuffer()
    const png = full.length <= FULL_BYTES_MAX ? full : await card.clone().png(PALETTE).toBuffer()
    return { png, etag }
  }
  return {
    card(facts) {
      const drawing = drawingOf(facts)
      const etag = hashOf(drawing, facts.room)
      const known = kept.get(etag)
      if (known) {
        kept.delete(etag)
        kept.set(etag, known)
        return known
      }
      if (waiting >= WAITING_MAX) throw new Refusal('audience.share_busy', {}, { retryAfterS: 3 })
      waiting += 1
      const card = last
        .catch(() => undefined)
        .then(() => draw(drawing, facts.room, etag))
        .finally(() => {
          waiting -= 1
        })
      last = card
      card.catch(() => kept.delete(etag))
      if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? '')
      kept.set(etag, card)
      return card
    },
    close: () => drawer.close(),
  }
}
