import { PICTURE_WIDTHS } from '@chunbo/contract'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { Refusal } from '../platform/problem.ts'

/** Bytes of an upload, at most: 10 MB. */
export const PICTURE_BYTES_MAX = 10 * 1024 * 1024
/** A small file may unfold into a huge bitmap; 50 million pixels are 150 MB of it, more than any phone's camera sends. */
export const PICTURE_PIXELS_MAX = 50_000_000
/** Both sides, at least: less is an icon and not a picture of goods. */
export const PICTURE_SIDE_MIN_PX = 64
/** Long pictures of goods are common; beyond five times the width a picture is made narrower instead. */
const TALLNESS_MAX = 5
const QUALITY = 78
/** By content. The prebuilt libvips reads no HEIC, which is patented; phones send JPEG when a form asks for images. */
const FORMATS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp' }
/** What a browser says of a file that it does not know; such a file claims nothing. */
const NO_CLAIM = new Set(['', 'application/octet-stream', 'binary/octet-stream'])
const SAME_TYPE: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg', 'image/pjpeg': 'image/jpeg' }

// One thread a picture and no cache of decoded ones: an upload must leave the other core to buyers.
sharp.concurrency(1)
sharp.cache(false)

export interface EncodedPicture {
  /** Size in pixels of the largest of the three, upright. */
  readonly width: number
  readonly height: number
  readonly files: readonly { readonly width: (typeof PICTURE_WIDTHS)[number]; readonly bytes: Buffer }[]
}

/** The format by content. @throws Refusal when it is none of ours, or not what the upload said it was */
async function recogniseFormat(bytes: Uint8Array, declaredType: string): Promise<string> {
  const declared = declaredType.toLowerCase().split(';', 1)[0]?.trim() ?? ''
  const claim = SAME_TYPE[declared] ?? declared
  const found = (await fileTypeFromBuffer(bytes))?.mime
  const format = FORMATS[found ?? '']
  if (found !== claim && FORMATS[claim]) throw new Refusal('catalogue.picture_lies', { declared: claim })
  if (!format || (found !== claim && !NO_CLAIM.has(claim))) throw new Refusal('catalogue.picture_format')
  return format
}

async function measure(bytes: Uint8Array, format: string): Promise<void> {
  const head = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new Refusal('catalogue.picture_broken')
    })
  if (head.format !== format) throw new Refusal('catalogue.picture_broken')
  if (head.width * head.height > PICTURE_PIXELS_MAX) throw new Refusal('catalogue.picture_too_many_pixels')
  if (Math.min(head.width, head.height) < PICTURE_SIDE_MIN_PX) {
    throw new Refusal('catalogue.picture_too_small', { minPx: PICTURE_SIDE_MIN_PX })
  }
}

const frame = (width: number) =>
  ({ width, height: width * TALLNESS_MAX, fit: 'inside', withoutEnlargement: true }) as const

/**
 * Reads an upload by its content, whatever it says of itself, turns it upright and encodes it anew as WebP in three widths
 * without metadata: a photo from a farm must not carry the farm's coordinates. Never enlarges.
 * @throws Refusal catalogue.picture_format, picture_lies, picture_broken, picture_too_many_pixels, picture_too_small
 */
export async function encodePicture(bytes: Uint8Array, declaredType: string): Promise<EncodedPicture> {
  const format = await recogniseFormat(bytes, declaredType)
  await measure(bytes, format)
  try {
    const largest = await sharp(bytes, { limitInputPixels: PICTURE_PIXELS_MAX, failOn: 'error', pages: 1 })
      .autoOrient()
      .resize(frame(PICTURE_WIDTHS[2]))
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = largest.info
    const files = []
    for (const target of PICTURE_WIDTHS) {
      const encoded = sharp(largest.data, { raw: { width, height, channels } })
        .resize(frame(target))
        .webp({ quality: QUALITY, effort: 3 })
      files.push({ width: target, bytes: await encoded.toBuffer() })
    }
    return { width, height, files }
  } catch {
    throw new Refusal('catalogue.picture_broken')
  }
}
