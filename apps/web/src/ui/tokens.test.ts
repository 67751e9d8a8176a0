import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split(/^\[data-scheme=.dark.\]/m)

function tokens(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
}

/** Relative luminance of WCAG 2.2, 0 (black) to 1 (white). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const PAIRS = [
  ['ink', 'paper'],
  ['ink', 'card'],
  ['ink-2', 'paper'],
  ['ink-2', 'paper-2'],
  ['ink-2', 'card'],
  ['live', 'card'],
  ['live', 'paper'],
  ['on-live', 'live-fill'],
  ['on-leaf', 'leaf'],
  ['leaf-deep', 'leaf-2'],
  ['gold-ink', 'gold-2'],
  ['soil', 'soil-2'],
  ['soil', 'card'],
] as const

for (const [scheme, block] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`every pair of text and ground in the ${scheme} scheme reaches 4.5`, () => {
    const found = tokens(block)
    for (const [text, ground] of PAIRS) {
      const [a, b] = [luminance(found.get(text) ?? ''), luminance(found.get(ground) ?? '')]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`)
    }
  })
}
