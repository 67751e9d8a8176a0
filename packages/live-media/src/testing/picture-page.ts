import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'

/** A picture that a page has shown: the number in it, and how long before it was seen the clock stood there. */
export interface ShownPicture {
  readonly code: number | null
  readonly delayMs: number
  /** Wall clock when it was seen. */
  readonly atMs: number
}

/**
 * In the page: `chunboPictures.watch(video)` keeps the code of every picture that a video shows in `chunboPictures.shown`;
 * `chunboPictures.look(drawable)` reads one; `chunboPictures.camera({ widthPx, heightPx, rate })` is a MediaStream that films the clock.
 * Only the band with the code is drawn, small, so that looking costs little beside decoding. A picture counts as seen when the
 * browser expects it on the screen.
 */
const pageScript = `
const band = { widthPx: 352, heightPx: 128 }
const look = (() => {
  const canvas = new OffscreenCanvas(band.widthPx, band.heightPx / 4)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (drawable, widthPx, heightPx) => {
    context.drawImage(drawable, 0, 0, widthPx, heightPx / 4, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return readPictureCode(band, (x, y) => data[(y * band.widthPx + x) * 4 + 1])
  }
})()
const shown = []
const note = (code, atMs) => shown.push({ code, atMs, delayMs: code === null ? NaN : pictureCodeAge(atMs, code) })
const watch = (video) => {
  const seen = (_, { expectedDisplayTime, width, height }) => {
    const atMs = Date.now() + Math.max(0, expectedDisplayTime - performance.now())
    note(look(video, width, height), atMs)
    video.requestVideoFrameCallback(seen)
  }
  video.requestVideoFrameCallback(seen)
}
const camera = ({ widthPx, heightPx, rate }) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: widthPx, height: heightPx })
  const context = canvas.getContext('2d')
  let index = 0
  setInterval(() => {
    index += 1
    context.fillStyle = 'hsl(' + (index % 360) + ' 60% 50%)'
    context.fillRect(0, heightPx / 4, widthPx, (heightPx * 3) / 4)
    context.fillStyle = '#888'
    for (let block = 0; block < 20; block += 1) {
      context.fillRect((block * 97 + index * 3) % widthPx, heightPx / 4 + ((block + 1) * heightPx) / 30, widthPx / 16, heightPx / 36)
    }
    paintPictureCode(Date.now(), { widthPx, heightPx }, (cell, isLight) => {
      context.fillStyle = isLight ? '#fff' : '#000'
      context.fillRect(cell.leftPx, cell.topPx, cell.widthPx, cell.heightPx)
    })
  }, 1000 / rate)
  return canvas.captureStream(rate)
}
globalThis.chunboPictures = { look, watch, camera, shown, note }
`

/** A script that gives a page the reader and the camera; the code is painted and read there by the same lines as here. */
export async function picturePageScript(): Promise<string> {
  const source = await readFile(new URL('./picture-code.ts', import.meta.url), 'utf8')
  return `(() => {\n${stripTypeScriptTypes(source).replace(/^export /gm, '')}\n${pageScript}\n})()`
}
