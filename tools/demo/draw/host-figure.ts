/**
 * The host behind the table, as SVG in a 540 x 960 picture: head at (270, 300), hands that gesture, a mouth that talks.
 * `phase` runs from 0 to 1 over one loop of the clip; everything is periodic in it, so that the loop has no seam.
 */
export interface HostLook {
  readonly shirt: string
  readonly shirtDark: string
  readonly hair: string
  /** Long hair or short. */
  readonly long: boolean
}

export const HOST_LOOKS: readonly HostLook[] = [
  { shirt: '#f4f6f8', shirtDark: '#d4dbe2', hair: '#26211e', long: false },
  { shirt: '#2f6f9f', shirtDark: '#245777', hair: '#2a2320', long: true },
  { shirt: '#8a3a2f', shirtDark: '#6c2b23', hair: '#1f1b19', long: false },
]

const wave = (phase: number, turns: number, shift = 0) => Math.sin((phase * turns + shift) * 2 * Math.PI)

function face(phase: number, look: HostLook): string {
  const mouth = Math.abs(wave(phase, 22)) * Math.max(0, wave(phase, 3, 0.1) * 0.5 + 0.6)
  // One blink of a few frames, four times a loop.
  const blink = (phase * 4) % 1 > 0.96
  const nod = wave(phase, 5) * 3
  const eye = (x: number) =>
    blink
      ? `<path d="M${x - 11} 300 q11 6 22 0" stroke="#2b211b" stroke-width="5" fill="none" stroke-linecap="round"/>`
      : `<ellipse cx="${x}" cy="300" rx="8" ry="10" fill="#2b211b"/><circle cx="${x + 3}" cy="296" r="3" fill="#fff"/>`
  return `<g transform="translate(0 ${nod.toFixed(2)}) rotate(${(wave(phase, 3, 0.2) * 2.5).toFixed(2)} 270 380)">
<rect x="242" y="370" width="56" height="60" rx="20" fill="#e5ae84"/>
<ellipse cx="186" cy="312" rx="14" ry="20" fill="#eab890"/><ellipse cx="354" cy="312" rx="14" ry="20" fill="#eab890"/>
<path d="M186 290 C186 210 354 210 354 290 C358 372 318 406 270 406 C222 406 182 372 186 290Z" fill="#f3c9a1"/>
<path d="M178 296 C170 196 236 176 280 182 C346 180 372 230 362 298 C352 262 330 250 300 246 C250 250 206 250 178 296Z" fill="${look.hair}"/>
<path d="M222 276 q18 -10 34 -2 M286 274 q18 -8 34 2" stroke="${look.hair}" stroke-width="7" fill="none" stroke-linecap="round"/>
${eye(240)}${eye(302)}
<path d="M270 306 q-8 24 4 26" stroke="#cf9468" stroke-width="5" fill="none" stroke-linecap="round"/>
<ellipse cx="222" cy="340" rx="17" ry="10" fill="#ee9c7c" opacity=".55"/><ellipse cx="320" cy="340" rx="17" ry="10" fill="#ee9c7c" opacity=".55"/>
<path d="M240 356 Q270 ${(368 - mouth * 3).toFixed(1)} 300 356 Q270 ${(374 + mouth * 26).toFixed(1)} 240 356Z" fill="#8f2f2a"/>
<path d="M244 357 Q270 366 296 357 L292 362 Q270 368 248 362Z" fill="#fff"/></g>`
}

function arm(side: 1 | -1, phase: number, look: HostLook): string {
  const lift = side === 1 ? (wave(phase, 4) + 1) / 2 : (wave(phase, 2, 0.3) + 1) / 3
  const handX = 270 + side * (150 - lift * 30)
  const handY = 640 - lift * 150
  const elbowX = 270 + side * 178
  return `<path d="M${270 + side * 104} 470 Q${elbowX} 560 ${handX.toFixed(1)} ${handY.toFixed(1)}" stroke="${look.shirtDark}" stroke-width="54" fill="none" stroke-linecap="round"/>
<path d="M${270 + side * 104} 470 Q${elbowX} 560 ${handX.toFixed(1)} ${handY.toFixed(1)}" stroke="${look.shirt}" stroke-width="46" fill="none" stroke-linecap="round"/>
<circle cx="${handX.toFixed(1)}" cy="${handY.toFixed(1)}" r="29" fill="#f3c9a1"/><path d="M${(handX - 12).toFixed(1)} ${(handY - 22).toFixed(1)} v-16 M${handX.toFixed(1)} ${(handY - 26).toFixed(1)} v-18 M${(handX + 12).toFixed(1)} ${(handY - 22).toFixed(1)} v-15" stroke="#f3c9a1" stroke-width="11" stroke-linecap="round"/>`
}

/** The host at a moment of the loop. What the right hand holds up is drawn by the caller at handPosition(). */
export function hostFigure(phase: number, look: HostLook): string {
  const longHair = look.long ? `<path d="M182 290 q-16 130 0 190 h176 q16 -60 0 -190Z" fill="${look.hair}"/>` : ''
  return `${longHair}<path d="M120 720 C112 520 170 440 232 424 h76 C370 440 428 520 420 720Z" fill="${look.shirt}"/>
<path d="M232 424 L270 480 L308 424" fill="#f3c9a1"/><path d="M228 424 L270 484 L312 424 L326 440 L276 506 L264 506 L214 440Z" fill="${look.shirtDark}"/>
<path d="M270 500 V720" stroke="${look.shirtDark}" stroke-width="4"/>
<path d="M330 560 l9 -16 9 16 -9 6Z" fill="#e5392f"/>
${face(phase, look)}${arm(-1, phase, look)}${arm(1, phase, look)}`
}

/** Where the gesturing right hand is, in picture units. */
export function handPosition(phase: number): { x: number; y: number } {
  const lift = (wave(phase, 4) + 1) / 2
  return { x: 270 + 150 - lift * 30, y: 640 - lift * 150 }
}
