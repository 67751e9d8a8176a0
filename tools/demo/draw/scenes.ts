import { SHAPES, type ShapeName } from './produce-shapes.ts'
import { between, seededRandom } from './random.ts'

const DEFINITIONS = `<defs>
<linearGradient id="glass" x1="0" x2="1"><stop offset="0" stop-color="#fff" stop-opacity=".6"/><stop offset=".4" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".25"/></linearGradient>
<radialGradient id="light" cx=".35" cy=".2" r="1"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset=".6" stop-color="#fff" stop-opacity="0"/></radialGradient>
<linearGradient id="fade" y2="1" x2="0"><stop offset=".55" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#3a2412" stop-opacity=".28"/></linearGradient>
</defs>`

interface Backdrop {
  readonly sky: string
  readonly hill: string
  readonly hill2: string
  readonly board: string
}
const BACKDROPS: readonly Backdrop[] = [
  { sky: '#fdf3dc', hill: '#bfd9a8', hill2: '#94bf86', board: '#c79a64' },
  { sky: '#e8f2ea', hill: '#a9cdb4', hill2: '#7fb092', board: '#b98a58' },
  { sky: '#fde8d2', hill: '#e8c79a', hill2: '#cfa36c', board: '#a87748' },
  { sky: '#e6eef5', hill: '#b4cbd9', hill2: '#8fb0a8', board: '#bd9262' },
]

function backdrop(width: number, height: number, look: Backdrop): string {
  const table = height * 0.58
  const planks = Array.from({ length: 5 }, (_, index) => {
    const y = table + ((height - table) / 5) * index
    return `<rect x="0" y="${y}" width="${width}" height="${(height - table) / 5 + 1}" fill="${look.board}" opacity="${1 - index * 0.06}"/><path d="M0 ${y} h${width}" stroke="#7d5530" stroke-opacity=".45" stroke-width="4"/>`
  })
  return `<rect width="${width}" height="${height}" fill="${look.sky}"/>
<circle cx="${width * 0.78}" cy="${height * 0.16}" r="${width * 0.11}" fill="#f7c65b" opacity=".8"/>
<path d="M0 ${height * 0.42} Q${width * 0.2} ${height * 0.22} ${width * 0.44} ${height * 0.4} T${width} ${height * 0.34} V${height} H0Z" fill="${look.hill}"/>
<path d="M0 ${height * 0.5} Q${width * 0.3} ${height * 0.36} ${width * 0.6} ${height * 0.5} T${width} ${height * 0.46} V${height} H0Z" fill="${look.hill2}"/>
${planks.join('')}`
}

function basket(x: number, y: number, width: number): string {
  const height = width * 0.42
  const rows = Array.from({ length: 5 }, (_, row) => {
    const yRow = y + (height / 5) * row
    const inset = row * width * 0.02
    return Array.from({ length: 12 }, (_, column) => {
      const step = (width - inset * 2) / 12
      const dark = (row + column) % 2 === 0
      return `<rect x="${x - width / 2 + inset + column * step}" y="${yRow}" width="${step + 1}" height="${height / 5 + 1}" fill="${dark ? '#a8753c' : '#c9965a'}"/>`
    }).join('')
  })
  return `<g>${rows.join('')}<rect x="${x - width / 2 - 14}" y="${y - 22}" width="${width + 28}" height="34" rx="17" fill="#8d5f2d"/><rect x="${x - width / 2 - 14}" y="${y - 22}" width="${width + 28}" height="12" rx="6" fill="#b98549"/></g>`
}

/** Half axes of the soft shadow under a shape, in its own units. A blur filter would be prettier and ten times slower. */
const SHADOWS: Partial<Record<ShapeName, readonly [rx: number, ry: number]>> = {
  chiliJar: [70, 96],
  honeyJar: [74, 84],
  milletBowl: [112, 74],
  riceSack: [88, 100],
  bambooShoot: [66, 92],
  walnut: [70, 70],
  pear: [56, 84],
  dangshen: [108, 54],
  chili: [92, 34],
}

function place(name: ShapeName, x: number, y: number, turn: number, scale: number, seed: number): string {
  const [rx, ry] = SHADOWS[name] ?? [106, 48]
  const spin = `rotate(${turn.toFixed(1)}) scale(${scale.toFixed(2)})`
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"><g transform="translate(3 ${(scale * 12).toFixed(1)}) ${spin}" fill="#3a2412"><ellipse rx="${rx + 8}" ry="${ry + 8}" opacity=".1"/><ellipse rx="${rx}" ry="${ry}" opacity=".16"/></g><g transform="${spin}">${SHAPES[name](seed)}</g></g>`
}

const STANDING: readonly ShapeName[] = ['chiliJar', 'honeyJar', 'milletBowl', 'riceSack', 'bambooShoot']

/** Small things heap up in a basket; jars, sacks and bowls stand on the table. */
function heap(name: ShapeName, width: number, height: number, random: () => number): string {
  const centreX = width / 2
  const baseY = height * 0.66
  if (STANDING.includes(name)) {
    const scale = width / 330
    const back = [-0.27, 0.27].map((offset) =>
      place(name, centreX + offset * width, baseY - height * 0.02, 0, scale * 0.82, 3),
    )
    return `${back.join('')}${place(name, centreX, baseY + height * 0.04, 0, scale * 1.25, 5)}`
  }
  const items = Array.from({ length: 26 }, (_, index) => {
    const row = Math.floor(index / 7)
    const spread = 0.36 - row * 0.07
    const x = centreX + between(random, -spread, spread) * width
    const y = baseY - row * height * 0.055 - between(random, 0, height * 0.02)
    return place(name, x, y, between(random, -50, 50), (width / 700) * between(random, 0.95, 1.2), index + 1)
  })
  const front = [-0.34, 0.02, 0.33].map((offset, index) =>
    place(
      name,
      centreX + offset * width,
      height * (0.9 + (index % 2) * 0.02),
      between(random, -30, 30),
      width / 760,
      index * 3,
    ),
  )
  return `${items.join('')}${basket(centreX, baseY + height * 0.005, width * 0.82)}${front.join('')}`
}

/** A picture of one produce on a table before hills. `width` and `height` in pixels; the seed changes light and heap. */
export function produceScene(name: ShapeName, width: number, height: number, seed: number): string {
  const random = seededRandom(seed * 7919 + 13)
  const look = BACKDROPS[seed % BACKDROPS.length] ?? BACKDROPS[0]
  if (!look) throw new Error('no backdrop')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${DEFINITIONS}${backdrop(width, height, look)}${heap(name, width, height, random)}<rect width="${width}" height="${height}" fill="url(#light)"/><rect width="${width}" height="${height}" fill="url(#fade)"/></svg>`
}

/** A close-up from above: the produce alone, filling the picture on cloth. */
export function produceCloseUp(name: ShapeName, width: number, height: number, seed: number): string {
  const random = seededRandom(seed * 104729 + 7)
  const cloth = ['#efe3cb', '#dfe8d8', '#ecd9c4'][seed % 3]
  const stripes = Array.from(
    { length: 16 },
    (_, index) =>
      `<path d="M${(index * width) / 8 - width} ${height} L${(index * width) / 8} 0" stroke="#fff" stroke-opacity=".35" stroke-width="10"/>`,
  )
  const standing = STANDING.includes(name)
  const items = Array.from({ length: standing ? 6 : 40 }, (_, index) => {
    const x = standing ? width * (0.27 + (index % 2) * 0.46) : between(random, 0.02, 0.98) * width
    const y = standing
      ? height * (0.2 + Math.floor(index / 2) * 0.31)
      : (index / 40) * height + between(random, -40, 40)
    return place(
      name,
      x,
      y,
      standing ? between(random, -5, 5) : between(random, 0, 360),
      (width / (standing ? 520 : 640)) * between(random, 0.9, 1.1),
      index + 2,
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${DEFINITIONS}<rect width="${width}" height="${height}" fill="${cloth}"/>${stripes.join('')}${items.join('')}<rect width="${width}" height="${height}" fill="url(#light)"/></svg>`
}
