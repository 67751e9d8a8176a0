/**
 * `node tools/draw.ts http://localhost:4870/api/drops/7 [--ticket <ticket>]`: draws a lucky bag again and says whether the winners are those that
 * are shown. Takes a saved answer of that address as well. Exit code 0 when all is right, 1 when the draw does not hold, 2 when the
 * call or the answer is wrong. Needs nothing of the server but the public answer: docs/live-room.md says how.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DRAW_ALGORITHM, DropPage, drawWinners } from '@chunbo/contract'
import { Value } from 'typebox/value'

const bytesMax = 64 * 2 ** 20
const waitMs = 30_000
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

class CallError extends Error {
  constructor(zh: string, en: string) {
    super(`${zh} / ${en}`)
  }
}

async function read(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) return readFile(source, 'utf8')
  const response = await fetch(source, { signal: AbortSignal.timeout(waitMs) })
  if (!response.ok) throw new CallError(`网址回答 ${response.status}`, `the address answers ${response.status}`)
  const text = await response.text()
  if (text.length > bytesMax) throw new CallError('回答太大', 'the answer is too large')
  return text
}

type Draw = NonNullable<DropPage['draw']>

async function readDraw(source: string): Promise<Draw> {
  const page: unknown = JSON.parse(await read(source))
  if (!Value.Check(DropPage, page)) throw new CallError('不是抽奖的公开记录', 'this is not the public record of a drop')
  if (page.draw === null) throw new CallError('还没有开奖', 'it has not been drawn yet')
  return page.draw
}

/** What is wrong with a draw, in both languages; nothing when it holds. */
async function objectionsTo(draw: Draw): Promise<string[]> {
  const { seed, seedHash, entrants, prizes } = draw
  const winners = await drawWinners(seed, entrants, prizes, sha256)
  const shown = [...draw.winners].sort((a, b) => a.place - b.place).map(({ entrant }) => entrant)
  return [
    ...(sha256(seed) === seedHash ? [] : ['种子与开始时公布的散列不符 / the seed does not fit the hash']),
    ...(new Set(entrants).size === entrants.length ? [] : ['名单里有重复 / somebody is in the list twice']),
    ...(winners.join() === shown.join() ? [] : ['中奖名单与重新抽取的不符 / the winners are not those of the draw']),
  ]
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { ticket: { type: 'string' } }, allowPositionals: true })
  const [source] = positionals
  if (source === undefined || positionals.length > 1)
    throw new CallError('用法', 'usage: node tools/draw.ts <address or file> [--ticket <ticket>]')
  const draw = await readDraw(source)
  const { ticket } = values
  const entrant = ticket === undefined ? undefined : sha256(ticket.trim())
  const wrong = await objectionsTo(draw)
  if (entrant !== undefined && !draw.entrants.includes(entrant))
    wrong.push('这张票不在名单里 / this ticket is not in the list')
  for (const line of wrong) process.stdout.write(`${line}\n`)
  if (wrong.length > 0) return 1
  const names = draw.winners.map(({ place, name }) => `${place}. ${name}`).join('  ')
  process.stdout.write(
    `抽奖无误：${draw.entrants.length} 人参加，${draw.winners.length} 人中奖 / the draw holds: ${draw.entrants.length} entrants, ${draw.winners.length} winners (${DRAW_ALGORITHM})\n${names}\n`,
  )
  const own = draw.winners.find((winner) => winner.entrant === entrant)
  if (entrant !== undefined)
    process.stdout.write(
      own
        ? `这张票中了第 ${own.place} 个奖 / this ticket won prize ${own.place}\n`
        : '这张票没有中奖 / this ticket did not win\n',
    )
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
