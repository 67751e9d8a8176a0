/** Mass is integer grams everywhere inside; these are the only places where it becomes text. */

/** Grams in one jin 斤, the market unit of weight in China. */
export const JIN_G = 500

export type Locale = 'zh' | 'en'

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** Integer grams divided by a unit of grams, as decimal text with at most `places` places, without passing through floats. */
export function divideText(value: number, unit: number, places: number): string {
  const scale = 10 ** places
  const scaled = (BigInt(value) * BigInt(scale) * 2n + BigInt(unit)) / (2n * BigInt(unit))
  const whole = scaled / BigInt(scale)
  const part = (scaled % BigInt(scale)).toString().padStart(places, '0')
  return places === 0 ? whole.toString() : trimZeros(`${whole}.${part}`)
}

/** Net weight of a pack for a label: "250 克", "2.5 公斤", "250 g", "2.5 kg". `weightG` in grams. */
export function formatPackWeight(weightG: number, locale: Locale): string {
  if (weightG < 1000) return locale === 'zh' ? `${weightG} 克` : `${weightG} g`
  const kg = divideText(weightG, 1000, 3)
  return locale === 'zh' ? `${kg} 公斤` : `${kg} kg`
}

/** A total for the public: grams under 1 kg, kilograms under 1 t, then tonnes; in Chinese 斤 below 1 t. `weightG` in grams. */
export function formatTotalWeight(weightG: number, locale: Locale): string {
  if (weightG >= 1_000_000) {
    const t = divideText(weightG, 1_000_000, 2)
    return locale === 'zh' ? `${t} 吨` : `${t} t`
  }
  if (locale === 'zh') return `${divideText(weightG, JIN_G, 1)} 斤`
  return weightG < 1000 ? `${weightG} g` : `${divideText(weightG, 1000, 2)} kg`
}
