/** The rules of style that a formatter cannot hold. Each test names the files that break it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const linesMax = 400
const self = 'tools/check-style.test.ts'

/** What git tracks or would track: everything that is not ignored. */
const files = execFileSync(
  'git',
  ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
  .sort()
const sources = files.filter((file) => /\.(ts|mts|mjs|js|vue|sql|css)$/.test(file) && !/\.generated\.\w+$/.test(file))

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

test(`no source file is longer than ${linesMax} lines`, () => {
  const long = sources.map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
  assert.deepEqual(
    long.filter(({ lines }) => lines > linesMax),
    [],
  )
})

test('nothing is left for later, switched off or silenced', () => {
  const forbidden = [
    /\b(TODO|FIXME|XXX)\b/,
    /\bas any\b/,
    /@ts-(ignore|expect-error|nocheck)/,
    /biome-ignore/,
    /\b(test|it|describe|suite)\.(skip|only|todo)\b/,
    /\b(skip|only|todo): true/,
    /\bt\.(skip|todo)\(/,
  ]
  const found = sources
    .filter((file) => file !== self)
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) =>
          forbidden.some((pattern) => pattern.test(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        ),
    )
  assert.deepEqual(found, [])
})

test('file names are kebab-case, Vue components in PascalCase', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/
  const wrong = sources.filter((file) => {
    const name = basename(file)
    if (file.endsWith('.vue')) return !/^([A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*)\.vue$/.test(name)
    if (file.startsWith('apps/server/migrations/')) return !/^\d{4}_[a-z0-9_]+\.sql$/.test(name)
    return !kebab.test(name)
  })
  assert.deepEqual(wrong, [])
})

test('no file is a drawer for odds and ends', () => {
  const drawer = /(^|[-/])(utils?|helpers?|common|managers?|misc|lib)(?=[-./])/
  assert.deepEqual(
    sources.filter((file) => drawer.test(file)),
    [],
  )
})

test('migrations are numbered without a gap and only go forward', () => {
  const names = globSync('apps/server/migrations/*', { cwd: root })
    .map((file) => basename(file))
    .sort()
  assert.deepEqual(
    names.map((name) => Number(name.slice(0, 4))),
    names.map((_name, index) => index + 1),
  )
  assert.deepEqual(
    names.filter((name) => /down|undo|rollback/.test(name)),
    [],
  )
})

test('the lock file names no registry', () => {
  assert.deepEqual(
    [...read('package-lock.json').matchAll(/"resolved": "([a-z+]+:[^"]+)"/g)].map((match) => match[1]),
    [],
  )
})

test('the lock file holds the optional packages of every platform', () => {
  // npm ci calls it incomplete otherwise, everywhere; tools/complete-lock.mjs adds what a registry did not carry.
  const { packages }: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
    read('package-lock.json'),
  )
  const missing = Object.entries(packages).flatMap(([holder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined && packages[`${holder}/node_modules/${name}`] === undefined,
    ),
  )
  assert.deepEqual(missing, [])
})

test('every dependency is pinned to one version, types apart', () => {
  const loose = files
    .filter((file) => basename(file) === 'package.json')
    .flatMap((file) => {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(file))
      const all: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies }
      return Object.entries(all)
        .filter(([name, range]) => !name.startsWith('@types/') && !/^\d/.test(range))
        .map(([name, range]) => `${file}: ${name} ${range}`)
    })
  assert.deepEqual(loose, [])
})
