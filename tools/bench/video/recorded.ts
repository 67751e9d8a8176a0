import { countPictures } from './pieces.ts'

/** Pictures of a room that can be played again, counted in the segments that its replay lists. */
export async function recordedPictures(httpPort: number, roomId: number): Promise<number> {
  const base = `http://127.0.0.1:${httpPort}/media/${roomId}/`
  const answer = await fetch(`${base}replay.m3u8`)
  if (!answer.ok) return 0
  const names = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  let pictures = 0
  for (const name of names) {
    const segment = await fetch(base + name)
    if (segment.ok) pictures += countPictures(Buffer.from(await segment.arrayBuffer()))
  }
  return pictures
}
