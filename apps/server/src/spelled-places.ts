import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The names of divisions as English readers spell them; the web app shows the same ones. */
const NAMES = fileURLToPath(new URL('../../web/src/place-names/en.json', import.meta.url))

/** Gives a function from a Chinese name to its short spelled one, "Jingdong"; a name that is not known stays as it is. */
export async function loadSpelledPlaces(): Promise<(nameZh: string) => string> {
  const names: Record<string, string> = JSON.parse(await readFile(NAMES, 'utf8'))
  return (nameZh) => {
    const [short = nameZh, rest] = names[nameZh]?.split('|') ?? []
    // One syllable alone says little: "Li County" stays whole.
    return rest !== undefined && short.length <= 3 ? `${short} ${rest}` : short
  }
}
