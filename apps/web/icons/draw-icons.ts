import { writeFileSync } from 'node:fs'
import sharp from 'sharp'

/**
 * Draws the icons that a phone puts on its home screen out of the one drawing below: node apps/web/icons/draw-icons.ts
 * The maskable one has its sign inside the safe circle (80 %) and its ground to the edge.
 */
const target = new URL('../public/', import.meta.url)

const sign = `
  <path d="M10.5 9.2a7.8 7.8 0 0 1 11 0M7.6 6.2a12 12 0 0 1 16.8 0" fill="none" stroke="#f2c26b" stroke-width="1.9" stroke-linecap="round"/>
  <path d="M16 27V15.5" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>
  <path d="M16 20.5c0-5-3.6-7.5-9-7.5 0 5 3.6 8 9 7.5zM16 18c0-4.6 3.4-7.6 9-7.5 0 5-3.6 8-9 7.5z" fill="#fff"/>`

const drawing = (
  radius: number,
  scale: number,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><title>春播 Chunbo</title>
  <rect width="32" height="32" rx="${radius}" fill="#1f7a4d"/>
  <g transform="translate(16 16) scale(${scale}) translate(-16 -16.2)">${sign}</g>
</svg>
`

async function draw(name: string, radius: number, scale: number, sizePx: number): Promise<void> {
  const png = await sharp(Buffer.from(drawing(radius, scale)), { density: 72 * (sizePx / 32) })
    .resize(sizePx, sizePx)
    .png({ palette: true })
    .toBuffer()
  writeFileSync(new URL(name, target), png)
}

writeFileSync(new URL('icon.svg', target), drawing(9, 1))
await draw('icon-192.png', 7, 0.96, 192)
await draw('icon-512.png', 7, 0.96, 512)
await draw('icon-maskable-512.png', 0, 0.74, 512)
