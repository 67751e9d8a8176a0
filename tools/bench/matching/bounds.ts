import { readFileSync } from 'node:fs'
import { drawInstance, hashOf, type InstanceName, sizes } from './instances.ts'

/** A proved bound and how it came about. */
export interface StoredBound {
  /** SHA-256 of the instance that it is a bound of. */
  readonly instance: string
  /** No plan of the instance costs less. */
  readonly boundFen: number
  readonly command: string
  readonly seconds: number
  readonly method: string
  readonly date: string
}

export const boundsFile = new URL('./bounds.json', import.meta.url)

export function readBounds(): Partial<Record<InstanceName, StoredBound>> {
  return JSON.parse(readFileSync(boundsFile, 'utf8'))
}

/** The stored bound; throws when there is none, or when the generator has changed since it was proved. */
export function boundOf(name: InstanceName, bounds = readBounds()): number {
  const stored = bounds[name]
  const again = `prove it with: npm run bench -- matching bounds ${name}`
  if (stored === undefined) throw new Error(`no bound is stored for ${name}; ${again}`)
  const hash = hashOf(drawInstance(sizes[name]))
  if (stored.instance !== hash)
    throw new Error(
      `the bound of ${name} is that of another instance (${stored.instance.slice(0, 12)}, now ${hash.slice(0, 12)}): the generator or the data it draws from have changed; ${again}`,
    )
  return stored.boundFen
}
