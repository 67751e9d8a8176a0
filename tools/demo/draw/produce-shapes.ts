import { between, seededRandom } from './random.ts'

/**
 * Produce as SVG fragments, each about 200 units large around the origin. Colours are in place; the scene adds shadow
 * and light. Drawn for this project, no outside picture is used.
 */
type Shape = (seed: number) => string

const n = (value: number) => value.toFixed(1)

const peaPod: Shape = (seed) => {
  const random = seededRandom(seed)
  const peas = Array.from({ length: 6 }, (_, index) => {
    const x = -70 + index * 28
    const radius = 15 - Math.abs(index - 2.5) * 1.6
    return `<circle cx="${x}" cy="${n(between(random, -2, 2))}" r="${n(radius)}" fill="#8fce4e"/><circle cx="${x - 4}" cy="-5" r="${n(radius / 3)}" fill="#c9ee95"/>`
  })
  const open = seed % 3 !== 0
  return `<path d="M-104 0 C-70 -46 60 -46 102 -6 C66 44 -66 44 -104 0Z" fill="#4f9a34"/>
<path d="M-104 0 C-70 -46 60 -46 102 -6 C60 -28 -64 -30 -104 0Z" fill="#6cb848"/>
${open ? `<path d="M-92 0 C-60 -26 56 -28 90 -4 C56 26 -58 26 -92 0Z" fill="#3c7d28"/>${peas.join('')}` : '<path d="M-90 4 C-40 26 50 24 88 0" stroke="#3c7d28" stroke-width="4" fill="none"/>'}
<path d="M100 -6 q16 -4 24 -20" stroke="#5d8f3a" stroke-width="7" fill="none" stroke-linecap="round"/>`
}

const papaya: Shape = (seed) => {
  if (seed % 3 === 0) {
    const random = seededRandom(seed)
    const seeds = Array.from({ length: 26 }, () => {
      const x = between(random, -46, 46)
      const y = between(random, -15, 15) * (1 - Math.abs(x) / 80)
      return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="5.5" ry="4.5" fill="#2d2320"/><circle cx="${n(x - 1.5)}" cy="${n(y - 1.5)}" r="1.4" fill="#8a7a70"/>`
    })
    return `<ellipse rx="112" ry="62" fill="#e8a33a"/><ellipse rx="104" ry="55" fill="#f4793b"/><ellipse rx="92" ry="45" fill="#f78b4a"/><ellipse rx="62" ry="23" fill="#d9582a"/>${seeds.join('')}`
  }
  return `<path d="M-112 6 C-104 -56 20 -74 88 -34 C120 -14 120 18 88 38 C20 74 -100 66 -112 6Z" fill="#e9a52e"/>
<path d="M-112 6 C-104 -56 20 -74 88 -34 C40 -44 -70 -34 -112 6Z" fill="#f3c352"/>
<path d="M-112 6 C-110 30 -90 46 -60 54 C-90 30 -92 10 -84 -20 C-98 -12 -108 -6 -112 6Z" fill="#7ba63c"/>
<circle cx="-110" cy="6" r="8" fill="#5c6f2a"/>`
}

const dangshen: Shape = (seed) => {
  const random = seededRandom(seed)
  const roots = Array.from({ length: 7 }, (_, index) => {
    const y = -36 + index * 12
    const bend = between(random, -18, 18)
    const width = between(random, 9, 15)
    const tone = ['#c99a5b', '#b98546', '#d8ae72'][index % 3]
    const rings = Array.from({ length: 5 }, (_, ring) => {
      const x = -84 + ring * 9
      return `<path d="M${x} ${n(y - width / 2)} q3 ${n(width / 2)} 0 ${n(width)}" stroke="#8d6132" stroke-width="1.6" fill="none"/>`
    })
    return `<path d="M-96 ${y} C-40 ${n(y + bend)} 30 ${n(y - bend)} 110 ${n(y + bend / 2)}" stroke="${tone}" stroke-width="${n(width)}" stroke-linecap="round" fill="none"/>${rings.join('')}`
  })
  return `${roots.join('')}<rect x="-16" y="-52" width="26" height="104" rx="9" fill="#b3392e"/><path d="M-16 -20 h26 M-16 14 h26" stroke="#8d281f" stroke-width="3"/>`
}

const chiliJar: Shape = () => `<rect x="-62" y="-66" width="124" height="150" rx="22" fill="#b8281d"/>
<rect x="-62" y="-66" width="124" height="150" rx="22" fill="url(#glass)" opacity=".5"/>
${Array.from({ length: 30 }, (_, index) => `<circle cx="${-48 + ((index * 37) % 98)}" cy="${-40 + ((index * 53) % 112)}" r="${3 + (index % 3)}" fill="${['#e4502f', '#f0b04a', '#8c1a12'][index % 3]}"/>`).join('')}
<rect x="-56" y="-100" width="112" height="36" rx="10" fill="#d9962b"/><rect x="-56" y="-84" width="112" height="6" fill="#b5771c"/>
<rect x="-44" y="-12" width="88" height="64" rx="8" fill="#fbf3e0"/><path d="M-18 28 C-20 2 10 -6 24 4 C10 6 2 20 -18 28Z" fill="#d5301f"/><path d="M22 4 q4 -8 12 -8" stroke="#3f7d33" stroke-width="5" fill="none" stroke-linecap="round"/>
<path d="M-50 -52 v120" stroke="#fff" stroke-opacity=".45" stroke-width="8" stroke-linecap="round"/>`

const chili: Shape = (seed) => {
  const green = seed % 4 === 0
  const [dark, light] = green ? ['#3f8a2e', '#66b24a'] : ['#c3261b', '#e8503a']
  return `<path d="M-84 -14 C-40 -40 40 -34 108 40 C46 18 -20 40 -80 20 Z" fill="${dark}"/><path d="M-80 -10 C-36 -30 30 -24 84 20 C30 0 -30 4 -80 -10Z" fill="${light}"/><path d="M-82 2 q-20 -6 -30 -26" stroke="#3f7d33" stroke-width="11" stroke-linecap="round" fill="none"/>`
}

const bambooShoot: Shape =
  () => `<path d="M0 -110 C40 -60 66 10 62 84 C30 104 -30 104 -62 84 C-66 10 -40 -60 0 -110Z" fill="#c9a566"/>
<path d="M0 -110 C10 -60 8 0 -60 60 C-60 0 -38 -60 0 -110Z" fill="#8a6a3b"/><path d="M4 -96 C46 -40 62 10 60 60 C40 20 10 0 4 -96Z" fill="#a5824b"/>
<path d="M-56 84 C-20 40 30 30 60 70 C40 104 -30 104 -56 84Z" fill="#efe0b4"/><path d="M0 -110 C4 -80 4 -70 -2 -56" stroke="#6f9c3f" stroke-width="9" stroke-linecap="round"/>`

const walnut: Shape =
  () => `<circle r="66" fill="#b98a55"/><path d="M0 -66 C-14 -30 14 30 0 66" stroke="#7d5529" stroke-width="6" fill="none"/>
<path d="M-46 -30 q18 10 6 30 t6 34 M-20 -52 q-16 22 0 40 t-6 50 M44 -32 q-18 14 -4 32 t-8 34 M20 -54 q16 24 0 42 t8 48" stroke="#8f6535" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M-44 -38 A58 58 0 0 1 6 -58" stroke="#e0bd8c" stroke-width="8" fill="none" stroke-linecap="round"/>`

const honeyJar: Shape =
  () => `<path d="M-66 -44 h132 q14 60 -8 128 q-58 18 -116 0 q-22 -68 -8 -128Z" fill="#e39a1d"/><path d="M-66 -44 h132 q6 26 5 56 q-70 24 -142 0 q-1 -30 5 -56Z" fill="#f6c04a"/>
<rect x="-60" y="-78" width="120" height="36" rx="10" fill="#efe4cf"/><path d="M-60 -60 q60 20 120 0" stroke="#c9b48c" stroke-width="4" fill="none"/>
<path d="M-24 6 l24 -14 l24 14 v28 l-24 14 l-24 -14Z" fill="#fff3d2" stroke="#c57f12" stroke-width="5"/><path d="M-52 -30 q-8 50 4 98" stroke="#fff" stroke-opacity=".6" stroke-width="8" fill="none" stroke-linecap="round"/>`

const teaLeaf: Shape = (seed) => {
  const tone = ['#3f7d46', '#568f3f', '#2f6b43'][seed % 3]
  return `<path d="M-100 10 C-50 -50 50 -54 104 -10 C50 44 -50 50 -100 10Z" fill="${tone}"/><path d="M-100 10 C-30 4 40 -4 104 -10 M-40 4 l26 -26 M0 0 l26 -26 M-30 6 l22 22 M14 0 l22 20" stroke="#8fbb72" stroke-width="4" fill="none" stroke-linecap="round"/>`
}

const milletBowl: Shape = () => {
  const random = seededRandom(7)
  const grains = Array.from({ length: 150 }, () => {
    const angle = random() * Math.PI
    const radius = Math.sqrt(random())
    return `<circle cx="${n(Math.cos(angle) * 92 * radius)}" cy="${n(-20 - Math.sin(angle) * 46 * radius)}" r="4.6" fill="${random() > 0.5 ? '#f0c14b' : '#e2a92f'}"/>`
  })
  return `<path d="M-98 -18 C-60 -84 60 -84 98 -18Z" fill="#d99b25"/>${grains.join('')}<path d="M-110 -20 h220 C108 52 62 96 0 96 S-108 52 -110 -20Z" fill="#f7f1e4"/><path d="M-110 -20 h220 q-1 14 -4 26 q-106 26 -212 0 q-3 -12 -4 -26Z" fill="#3a6ea5"/><path d="M-88 0 q88 20 176 0" stroke="#f7f1e4" stroke-width="5" fill="none" stroke-dasharray="2 14" stroke-linecap="round"/>`
}

const ginger: Shape = () =>
  `<path d="M-96 14 C-90 -26 -50 -22 -40 -6 C-38 -50 6 -62 20 -22 C40 -52 84 -40 78 -8 C112 0 106 40 74 36 C60 66 20 58 8 40 C-10 66 -50 60 -52 36 C-80 48 -100 36 -96 14Z" fill="#d9b06a"/><path d="M-84 10 q14 10 30 4 M-34 -18 q10 14 28 10 M30 -30 q10 16 34 12 M6 34 q10 -16 26 -12 M-46 30 q8 -12 24 -10" stroke="#a97f3d" stroke-width="4" fill="none" stroke-linecap="round"/><circle cx="74" cy="14" r="15" fill="#f0d79c"/><circle cx="-82" cy="18" r="11" fill="#f0d79c"/>`

const potato: Shape = (seed) => {
  const random = seededRandom(seed)
  const eyes = Array.from(
    { length: 6 },
    () =>
      `<ellipse cx="${n(between(random, -60, 60))}" cy="${n(between(random, -30, 30))}" rx="6" ry="3" fill="#8e6a35"/>`,
  )
  return `<path d="M-92 8 C-96 -48 -30 -70 20 -60 C78 -54 104 -14 88 24 C70 66 -10 70 -50 58 C-76 50 -90 34 -92 8Z" fill="#cda25f"/><path d="M-80 -6 C-70 -44 -20 -56 26 -50" stroke="#e6c68d" stroke-width="10" fill="none" stroke-linecap="round"/>${eyes.join('')}`
}

const riceSack: Shape =
  () => `<path d="M-74 -70 C-96 0 -96 60 -70 96 h140 C96 60 96 0 74 -70Z" fill="#e9dcc0"/><path d="M-74 -70 q74 -24 148 0 l-10 -34 q-64 -18 -128 0Z" fill="#d8c6a0"/><path d="M-80 -66 q80 22 160 0" stroke="#b3392e" stroke-width="9" fill="none"/>
<circle cy="28" r="40" fill="#1f7a4d"/><path d="M0 58 V4 M0 34 q-22 -4 -22 -24 q20 2 22 24 M0 34 q22 -4 22 -24 q-20 2 -22 24 M0 52 q-22 -4 -22 -22 q20 2 22 22 M0 52 q22 -4 22 -22 q-20 2 -22 22" stroke="#fbf3e0" stroke-width="5" fill="none" stroke-linecap="round"/>`

const pear: Shape = () =>
  `<path d="M0 -78 C34 -76 34 -36 46 -6 C70 40 48 92 0 92 S-70 40 -46 -6 C-34 -36 -34 -76 0 -78Z" fill="#d8b24c"/><path d="M-8 -66 C-30 -40 -28 -20 -44 20 C-54 52 -40 76 -24 84 C-30 40 -14 -20 -8 -66Z" fill="#ecd07a"/><path d="M0 -76 q2 -20 14 -30" stroke="#6b4a23" stroke-width="8" fill="none" stroke-linecap="round"/><path d="M10 -98 q30 -22 50 2 q-30 16 -50 -2Z" fill="#5a9a3f"/>${Array.from({ length: 14 }, (_, index) => `<circle cx="${-34 + ((index * 29) % 70)}" cy="${-4 + ((index * 37) % 84)}" r="2" fill="#a8832c"/>`).join('')}`

/** Every drawing by the name that the demo world uses. */
export const SHAPES = {
  peaPod,
  papaya,
  dangshen,
  chiliJar,
  chili,
  bambooShoot,
  walnut,
  honeyJar,
  teaLeaf,
  milletBowl,
  ginger,
  potato,
  riceSack,
  pear,
} satisfies Record<string, Shape>
export type ShapeName = keyof typeof SHAPES
