import { formatPackWeight, type Locale } from '@chunbo/contract/mass'

/** Weight and pack of goods: "2.5 公斤 · 5 斤装". A pack that says the weight itself ("2.5 kg box") says it once. `netG` in grams. */
export function packWords(netG: number, pack: string, locale: Locale): string {
  const weight = formatPackWeight(netG, locale)
  if (pack === '') return weight
  return pack.includes(weight) ? pack : `${weight} · ${pack}`
}
