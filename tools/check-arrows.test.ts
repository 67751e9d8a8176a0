/**
 * What may import what, as data, and the test that holds it. An import that breaks the rule is named with the arrow, so
 * that the answer is to move the code or to change the rule here, in the open.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

/** A slice may import the index.ts of those before it. */
const slices = [
  'identity',
  'counties',
  'shops',
  'catalogue',
  'orders',
  'payments',
  'parcels',
  'live',
  'audience',
  'chat',
  'show',
  'evening',
  'recordings',
  'merchants',
  'relief',
  'offers',
  'inspections',
  'aid',
  'impact',
]

/** npm packages that a package must never need, whatever its package.json says. */
const forbiddenPackages: Record<string, RegExp> = {
  contract: /^(?!typebox$|typebox\/)/,
  'order-batch': /^@?fastify/,
  matching: /^(@?fastify|pg$|kysely|graphile)/,
  'live-room': /^(@?fastify|pg$|kysely|graphile)/,
  'live-media': /^(@?fastify|pg$|kysely|graphile)/,
  'web-socket': /./,
}

/** Packages whose sockets are read and framed by the one for that. */
const withSockets = ['live-room', 'live-media']

const root = fileURLToPath(new URL('../', import.meta.url))

interface Arrow {
  from: string
  /** Path from the root for an import of ours, else the bare specifier. */
  to: string
  own: boolean
}

/** The part of the house that a path belongs to, such as `slice:orders`, `platform`, `package:contract`, `web`. */
function roomOf(path: string): string {
  const parts = path.split('/')
  if (parts[0] === 'packages') return `package:${parts[1]}`
  if (parts[0] === 'tools') return 'tools'
  if (path.startsWith('apps/web/')) return 'web'
  if (!path.startsWith('apps/server/src/')) return 'server-other'
  if (parts.length === 4) return 'top'
  return parts[3] === 'platform' ? 'platform' : `slice:${parts[3]}`
}

/** Why the arrow is not allowed, or undefined. */
function objection({ from, to, own }: Arrow): string | undefined {
  const here = roomOf(from)
  const isTest = /\.(test|journey)\.ts$/.test(from) || from.includes('/testing/')
  if (here === 'tools') return undefined
  if (!own) return npmObjection(here, to, isTest)
  const there = roomOf(to)
  // The composition root loads the demo world, which is a tool, where the demonstration is switched on.
  if (there === 'tools') return from === 'apps/server/src/main.ts' ? undefined : 'nothing else imports the tools'
  if (!isTest && (to.includes('/testing/') || to.includes('.test.'))) return 'only tests import what is for tests'
  if (here === there || there === 'package:contract') return undefined
  if (here === 'top') return there === 'web' ? 'the server never imports the web app' : undefined
  if (here === 'web') return 'the web app imports the contract and itself'
  if (there === 'package:web-socket' && withSockets.includes(here.slice(8))) return undefined
  if (here.startsWith('package:')) return 'a package imports the contract and itself'
  if (here === 'platform')
    return isTest && there === 'top' ? undefined : 'the platform never imports a slice or a package'
  if (here.startsWith('slice:')) return sliceObjection(here.slice(6), there, to, isTest)
  return undefined
}

function sliceObjection(slice: string, there: string, to: string, isTest: boolean): string | undefined {
  if (!slices.includes(slice)) return `the slice ${slice} is not in the declared order`
  if (there === 'platform' || there.startsWith('package:')) return undefined
  if (there === 'top') return isTest ? undefined : 'a slice does not know the composition root'
  if (!there.startsWith('slice:')) return 'a slice imports slices, the platform and packages'
  const other = there.slice(6)
  const isBefore = slices.indexOf(other) < slices.indexOf(slice)
  // Worlds and viewers for tests build on those of earlier slices.
  if (isTest && isBefore && to.startsWith(`apps/server/src/${other}/testing/`)) return undefined
  if (to !== `apps/server/src/${other}/index.ts`) return `the only door of ${other} is its index.ts`
  if (isTest || isBefore) return undefined
  return `${other} comes after ${slice} in the declared order`
}

function npmObjection(here: string, specifier: string, isTest: boolean): string | undefined {
  if (!here.startsWith('package:') || isTest || specifier.startsWith('node:')) return undefined
  const name = here.slice(8)
  return forbiddenPackages[name]?.test(specifier) ? `${name} must not need it` : undefined
}

function sourceFiles(): string[] {
  return globSync(['apps/**/*.{ts,vue}', 'packages/**/*.ts', 'tools/**/*.{ts,mjs}'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**'],
  }).sort()
}

const importPattern =
  /(?:^|\n|;)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

function arrowsOf(file: string): Arrow[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    if (specifier.startsWith('.')) return { from: file, to: normalize(join(dirname(file), specifier)), own: true }
    const ours = /^@chunbo\/([a-z-]+)/.exec(specifier)?.[1]
    if (ours !== undefined) return { from: file, to: `packages/${ours}/src/index.ts`, own: true }
    return { from: file, to: specifier, own: false }
  })
}

test('every import follows the order of the house', () => {
  const broken = sourceFiles()
    .flatMap(arrowsOf)
    .flatMap((arrow) => {
      const why = objection(arrow)
      return why === undefined ? [] : [`${arrow.from} -> ${arrow.to}: ${why}`]
    })
  assert.deepEqual(broken, [])
})

test('the rule sees every kind of import and every kind of broken arrow', () => {
  const at = (from: string, to: string) =>
    objection({ from: `apps/server/src/${from}`, to: `apps/server/src/${to}`, own: true })
  assert.equal(at('orders/place-order.ts', 'catalogue/index.ts'), undefined)
  assert.match(at('orders/place-order.ts', 'catalogue/sku.ts') ?? '', /only door/)
  assert.match(at('catalogue/sku.ts', 'orders/index.ts') ?? '', /comes after/)
  assert.match(at('platform/http.ts', 'orders/index.ts') ?? '', /platform never/)
  assert.match(at('orders/place-order.ts', 'compose.ts') ?? '', /composition root/)
  assert.match(at('orders/place-order.ts', 'platform/testing/test-database.ts') ?? '', /only tests/)
  assert.match(at('gossip/index.ts', 'platform/http.ts') ?? '', /declared order/)
  assert.equal(at('compose.ts', 'impact/index.ts'), undefined)
  assert.equal(at('orders/hold.test.ts', 'catalogue/testing/world.ts'), undefined)
  assert.match(at('catalogue/sku.test.ts', 'orders/testing/world.ts') ?? '', /only door/)
  const ownArrows = arrowsOf(relative(root, fileURLToPath(import.meta.url)))
  assert.ok(ownArrows.some(({ to }) => to === 'node:assert/strict'))
})
