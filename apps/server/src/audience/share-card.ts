import type { RoomCard } from '@chunbo/contract'
import encodeQR from 'qr'
import { type Letters, openLetters } from '../platform/letter-outlines.ts'

/**
 * The picture that a room is shared with: cover, title, host, county, time, and a code to scan. All letters are outlines, so that it looks
 * the same on a machine without a single font. Sizes in pixels.
 */

export const CARD_WIDTH = 750
export const CARD_HEIGHT = 1180
export const COVER_HEIGHT = 720
const LEFT = 44
const QR_SIZE = 208

export interface CardFacts {
  readonly room: RoomCard
  /** Whole address of the room's page. */
  readonly link: string
  readonly locale: 'zh' | 'en'
  /** The name of a division as English readers spell it. */
  spelledPlace(nameZh: string): string
}

interface CardWords {
  readonly status: string
  readonly title: string
  readonly host: string
  readonly county: string
  readonly when: string
  readonly scan: string
  readonly brand: string
}

const chinaTime = (at: Date) => new Date(at.getTime() + 8 * 3_600_000)

/** Year, day and hour in China, as people say them. */
function whenWords(iso: string, locale: 'zh' | 'en'): string {
  const at = chinaTime(new Date(iso))
  const clock = at.toISOString().slice(11, 16)
  if (locale === 'zh') return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${clock}（北京时间）`
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return `${day}, ${clock} Beijing time`
}

/** What stands on the card. */
function cardWords({ room, locale, spelledPlace }: CardFacts): CardWords {
  const zh = locale === 'zh'
  const { province, prefecture, county } = room.county
  const office = zh || room.hostOfficeEn === '' ? room.hostOffice : room.hostOfficeEn
  const onAir = room.status === 'live' || room.status === 'paused'
  const over = room.status === 'ended'
  return {
    status: onAir ? (zh ? '直播中' : 'LIVE') : over ? (zh ? '回放' : 'REPLAY') : zh ? '预告' : 'SOON',
    title: zh || room.titleEn === '' ? room.titleZh : room.titleEn,
    host: [office, room.hostName].filter((part) => part !== '').join(' '),
    county: zh
      ? [...new Set([province, prefecture, county])].filter((part) => part !== '').join(' ')
      : [...new Set([county, province].map(spelledPlace))].join(', '),
    when: onAir
      ? zh
        ? '正在直播，快来看'
        : 'On air now'
      : over
        ? zh
          ? '看回放，还能买'
          : 'Watch the replay, still on sale'
        : whenWords(room.scheduledAt, locale),
    scan: zh ? '扫码进直播间' : 'Scan to watch',
    brand: zh ? '春播 · 好收成，直播卖' : 'Chunbo · the harvest, live',
  }
}

/** Lines of at most `widthPx`; what does not fit into the last one ends with an ellipsis. Latin words are kept whole where they fit. */
export function wrapText(letters: Letters, text: string, sizePx: number, widthPx: number, linesMax: number): string[] {
  const pieces = text.trim().match(/[A-Za-z0-9'’.,!?-]+\s*|\s+|./gsu) ?? []
  const lines: string[] = []
  let line = ''
  const tooWide = (words: string) => letters.widthOf(words.trimEnd(), sizePx) > widthPx
  for (const piece of pieces.flatMap((each) => (tooWide(each) ? [...each] : [each]))) {
    if (line !== '' && tooWide(line + piece)) {
      lines.push(line.trim())
      line = piece.trimStart()
    } else line += piece
  }
  if (line.trim() !== '') lines.push(line.trim())
  if (lines.length <= linesMax) return lines
  const kept = lines.slice(0, linesMax)
  const last = [...(kept.at(-1) ?? '')]
  while (last.length > 0 && tooWide(`${last.join('')}…`)) last.pop()
  return [...kept.slice(0, -1), `${last.join('')}…`]
}

const INK = '#1E1B16'
const INK_2 = '#6B645A'
const LEAF = '#1F7A4D'
const LIVE = '#D92E25'

function write(letters: Letters, text: string, x: number, y: number, sizePx: number, colour: string): string {
  return `<path transform="translate(${x} ${y})" fill="${colour}" d="${letters.outline(text, sizePx).path}"/>`
}

/** The squares of the code, dark on white with a quiet border. */
function drawCode(link: string, x: number, y: number): string {
  const rows = encodeQR(link, 'raw', { ecc: 'medium', border: 2 })
  const cell = QR_SIZE / rows.length
  const squares = rows.flatMap((row, i) => row.flatMap((dark, j) => (dark ? [`M${j} ${i}h1v1h-1z`] : [])))
  return `<rect x="${x}" y="${y}" width="${QR_SIZE}" height="${QR_SIZE}" fill="#fff"/>
    <path transform="translate(${x} ${y}) scale(${cell})" shape-rendering="crispEdges" fill="${INK}" d="${squares.join('')}"/>`
}

function drawSign(x: number, y: number): string {
  return `<g transform="translate(${x} ${y}) scale(1.5)"><rect width="32" height="32" rx="9" fill="#1f7a4d"/>
    <path d="M10.5 9.200a7.8 7.8 0 0 1 11 0M7.6 6.200a12 12 0 0 1 16.8 0" fill="none" stroke="#f2c26b" stroke-width="1.9" stroke-linecap="round"/>
    <path d="M16 27V15.5" stroke="#fff" stroke-width="2.400" stroke-linecap="round"/>
    <path d="M16 20.500c0-5-3.600-7.500-9-7.500 0 5 3.600 8 9 7.500zM16 18c0-4.600 3.400-7.600 9-7.500 0 5-3.600 8-9 7.500z" fill="#fff"/></g>`
}

/** A field under a sky for a room without a cover; the county's code gives each its own hour. */
export function drawField(seed: number): string {
  const [top, low, sun] = [
    ['#f6d9a6', '#f9ecd0', '#e6a94f'],
    ['#cfe4dc', '#eef5ea', '#f2d596'],
    ['#f3c7a2', '#fbe6cf', '#e2703f'],
    ['#d6e3ea', '#f3f1e4', '#f0c766'],
  ][seed % 4] ?? ['#f6d9a6', '#f9ecd0', '#e6a94f']
  const rows = [-150, -96, -52, -18, 14, 48, 88, 140]
    .map((row) => `<path d="M${160 + row * 0.45} 184Q${160 + row} 240 ${160 + row * 2.4} 330" fill="none"/>`)
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${COVER_HEIGHT}" viewBox="0 0 320 307">
    <defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${low}"/></linearGradient></defs>
    <path d="M0 0h320v200H0z" fill="url(#s)"/><circle cx="${60 + (seed % 11) * 18}" cy="96" r="30" fill="${sun}"/>
    <path d="M0 150c40-34 70-40 112-14s70-46 116-34 60 30 92 20v90H0z" fill="#9fc4a4"/>
    <path d="M0 178c60-30 96-8 150-10s92-40 170-10v70H0z" fill="#5fa277"/><path d="M0 196c80-26 240-26 320 0v124H0z" fill="#1f7a4d"/>
    <g stroke="#5fa277" stroke-width="5" stroke-linecap="round" opacity=".75">${rows}</g></svg>`
}

/** What a card is drawn from, as plain data. */
export interface CardDrawing {
  readonly words: CardWords
  readonly onAir: boolean
  readonly link: string
}

export const drawingOf = (facts: CardFacts): CardDrawing => ({
  words: cardWords(facts),
  onAir: facts.room.status === 'live' || facts.room.status === 'paused',
  link: facts.link,
})

/** Everything of the card but the cover, as SVG of the whole size. */
export async function drawCard({ words, onAir, link }: CardDrawing): Promise<string> {
  const [bold, plain] = await Promise.all([
    openLetters(`${words.status}${words.title}${words.when}…`, 700),
    openLetters(`${words.host}${words.county}${words.scan}${words.brand}…`, 400),
  ])
  const pill = bold.widthOf(words.status, 28) + 44
  const title = wrapText(bold, words.title, 46, CARD_WIDTH - 2 * LEFT, 2)
  const besides = CARD_WIDTH - 2 * LEFT - QR_SIZE - 24
  const lines: string[] = title.map((line, index) => write(bold, line, LEFT, COVER_HEIGHT + 72 + index * 62, 46, INK))
  let y = COVER_HEIGHT + 72 + (title.length - 1) * 62 + 66
  for (const [letters, text, sizePx, colour, linesMax] of [
    [bold, words.when, 30, onAir ? LIVE : LEAF, 2],
    [plain, words.host, 30, INK, 2],
    [plain, words.county, 26, INK_2, 2],
  ] as const)
    for (const line of wrapText(letters, text, sizePx, besides, linesMax)) {
      lines.push(write(letters, line, LEFT, y, sizePx, colour))
      y += sizePx + 18
    }
  const codeX = CARD_WIDTH - LEFT - QR_SIZE
  const codeY = CARD_HEIGHT - QR_SIZE - 96
  const scanWidth = plain.widthOf(words.scan, 24)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}">
    <path d="M0 ${COVER_HEIGHT}h${CARD_WIDTH}v${CARD_HEIGHT - COVER_HEIGHT}H0z" fill="#FBF8F1"/>
    <rect x="${LEFT}" y="40" width="${pill.toFixed(1)}" height="52" rx="26" fill="${onAir ? LIVE : LEAF}"/>
    ${write(bold, words.status, LEFT + 22, 76, 28, '#fff')}
    ${lines.join('')}
    ${drawCode(link, codeX, codeY)}
    ${write(plain, words.scan, codeX + (QR_SIZE - scanWidth) / 2, codeY + QR_SIZE + 36, 24, INK_2)}
    ${drawSign(LEFT, CARD_HEIGHT - 88)}${write(plain, words.brand, LEFT + 62, CARD_HEIGHT - 55, 26, INK_2)}</svg>`
}
