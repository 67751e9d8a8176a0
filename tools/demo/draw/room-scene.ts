import { type HostLook, handPosition, hostFigure } from './host-figure.ts'
import { SHAPES, type ShapeName } from './produce-shapes.ts'
import { between, seededRandom } from './random.ts'

export const FRAME_WIDTH_PX = 540
export const FRAME_HEIGHT_PX = 960

function clouds(phase: number): string {
  return [0, 0.36, 0.71]
    .map((start, index) => {
      const x = (((start + phase) % 1) * 800 - 130).toFixed(1)
      const y = 70 + index * 58
      return `<g transform="translate(${x} ${y})" fill="#fff" opacity=".85"><ellipse rx="62" ry="20"/><circle cx="-18" cy="-12" r="22"/><circle cx="16" cy="-18" r="27"/></g>`
    })
    .join('')
}

function terraces(): string {
  const steps = ['#a8cf8e', '#8fbf7b', '#77ad69', '#629a59']
  return steps
    .map((fill, index) => {
      const y = 330 + index * 62
      return `<path d="M-10 ${y} Q140 ${y - 70 + index * 16} 290 ${y - 6} T560 ${y - 34} V960 H-10Z" fill="${fill}"/><path d="M-10 ${y + 8} Q140 ${y - 62 + index * 16} 290 ${y + 2} T560 ${y - 26}" stroke="#fff" stroke-opacity=".28" stroke-width="4" fill="none"/>`
    })
    .join('')
}

function table(name: ShapeName, phase: number): string {
  const random = seededRandom(42)
  const items = Array.from({ length: 24 }, (_, index) => {
    const row = Math.floor(index / 9)
    const x = between(random, 70, 470)
    const y = 742 - row * 20 + between(random, -8, 8)
    return `<g transform="translate(${x.toFixed(0)} ${y.toFixed(0)}) rotate(${between(random, -50, 50).toFixed(0)}) scale(.52)">${SHAPES[name](index + 1)}</g>`
  })
  const glow = (Math.sin(phase * 6 * Math.PI) + 1) / 2
  return `<path d="M0 700 H540 V960 H0Z" fill="#b07c48"/><path d="M0 700 H540 V718 H0Z" fill="#d3a46c"/>
<path d="M0 790 H540 M0 870 H540" stroke="#8c5f33" stroke-width="4"/>
${items.join('')}
<path d="M40 752 h460 l-34 108 h-392Z" fill="#b98549"/>${Array.from({ length: 4 }, (_, row) => `<path d="M${46 + row * 7} ${766 + row * 26} h${448 - row * 14}" stroke="#8d5f2d" stroke-width="9" stroke-dasharray="22 12" stroke-dashoffset="${row * 17}"/>`).join('')}
<rect x="30" y="742" width="480" height="22" rx="11" fill="#8d5f2d"/>
<circle cx="470" cy="650" r="7" fill="#e5392f" opacity="${(0.35 + glow * 0.65).toFixed(2)}"/>`
}

/** One frame of a show: hills, clouds that drift, the host talking, the basket, and the produce held up in the hand. */
export function roomFrame(name: ShapeName, look: HostLook, phase: number): string {
  const hand = handPosition(phase)
  const tilt = Math.sin(phase * 8 * Math.PI) * 12
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME_WIDTH_PX}" height="${FRAME_HEIGHT_PX}" viewBox="0 0 540 960">
<defs><linearGradient id="glass"><stop offset="0" stop-color="#fff" stop-opacity=".5"/><stop offset="1" stop-color="#000" stop-opacity=".2"/></linearGradient><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#bfe0ee"/><stop offset="1" stop-color="#fdf3dc"/></linearGradient></defs>
<rect width="540" height="960" fill="url(#sky)"/><circle cx="440" cy="120" r="52" fill="#f9cf6b"/>${clouds(phase)}${terraces()}
${hostFigure(phase, look)}
<g transform="translate(${hand.x.toFixed(1)} ${(hand.y - 52).toFixed(1)}) rotate(${tilt.toFixed(1)}) scale(.72)">${SHAPES[name](2)}</g>
${table(name, phase)}</svg>`
}
