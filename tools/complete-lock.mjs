/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out because the registry it was run
 * against does not carry them. Without them `npm ci` calls the lock file incomplete on every machine. Such an entry has
 * the exact version and no checksum. Run it after an `npm install` that changed dependencies; tools/check-style.test.ts
 * says when it is needed.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))

/** The constraints that a name such as `@scope/binding-linux-x64-musl` states. */
function constraints(name) {
  const os = /(darwin|linux|win32|windows|android|freebsd|openharmony|netbsd|openbsd|sunos|aix)/.exec(name)?.[1]
  const cpu = /(arm64|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el|arm)(?=$|-|eabi)/.exec(name)?.[1]
  const libc = /musl/.test(name) ? 'musl' : /(gnu|glibc)/.test(name) ? 'glibc' : undefined
  if (os === undefined || cpu === undefined) throw new Error(`${name} names no platform; it must be installable here`)
  return {
    os: [os === 'windows' ? 'win32' : os],
    cpu: [cpu],
    ...(libc === undefined || os !== 'linux' ? {} : { libc: [libc] }),
  }
}

let added = 0
for (const [holder, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${holder}/node_modules/${name}`
    if (lock.packages[nested] !== undefined || lock.packages[`node_modules/${name}`] !== undefined) continue
    const version = /^[~^]?(\d.*)$/.exec(range)?.[1]
    if (version === undefined) throw new Error(`${name} ${range} is no single version`)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      ...constraints(name),
    }
    added += 1
  }
}
const ordered = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries(ordered)
if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} packages added to package-lock.json\n`)
