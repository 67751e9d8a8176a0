/**
 * In the page: `playFlv(url)` fetches HTTP-FLV and decodes its H.264 by WebCodecs as it comes, each picture onto a canvas at once. No player
 * could show it sooner, so what is measured so is the server's delay at its best; chunboPictures notes when a picture is on the screen.
 */
export const flvPageScript = `
globalThis.playFlv = async (url) => {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  const context = canvas.getContext('2d')
  const decoder = new VideoDecoder({
    output(frame) {
      canvas.width = frame.displayWidth
      canvas.height = frame.displayHeight
      context.drawImage(frame, 0, 0)
      const code = chunboPictures.look(frame, frame.displayWidth, frame.displayHeight)
      frame.close()
      // What is drawn now is on the screen with the next frame of the browser.
      requestAnimationFrame(() => requestAnimationFrame(() => chunboPictures.note(code, Date.now())))
    },
    error(error) { globalThis.flvFault = String(error) },
  })
  const hex = (byte) => byte.toString(16).padStart(2, '0')
  const take = (type, timestampMs, body) => {
    if (type !== 9 || (body[0] & 15) !== 7) return
    if (body[1] === 0) {
      const description = body.slice(5)
      const codec = 'avc1.' + hex(description[1]) + hex(description[2]) + hex(description[3])
      decoder.configure({ codec, description, optimizeForLatency: true })
    } else if (body[1] === 1 && decoder.state === 'configured') {
      const type = body[0] >> 4 === 1 ? 'key' : 'delta'
      decoder.decode(new EncodedVideoChunk({ type, timestamp: timestampMs * 1000, data: body.slice(5) }))
    }
  }
  const reader = (await fetch(url)).body.getReader()
  let held = new Uint8Array(0)
  let isHeadRead = false
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const bytes = new Uint8Array(held.length + value.length)
    bytes.set(held)
    bytes.set(value, held.length)
    let at = isHeadRead || bytes.length < 13 ? 0 : 13
    isHeadRead ||= at > 0
    while (isHeadRead && at + 15 <= bytes.length) {
      const size = (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
      if (at + 15 + size > bytes.length) break
      const timestampMs = (bytes[at + 7] << 24) | (bytes[at + 4] << 16) | (bytes[at + 5] << 8) | bytes[at + 6]
      take(bytes[at] & 31, timestampMs, bytes.subarray(at + 11, at + 11 + size))
      at += 15 + size
    }
    held = bytes.slice(at)
  }
}
`
