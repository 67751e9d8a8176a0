import { formatPackWeight, type Locale } from '@chunbo/contract/mass'

/** A pack in words: "2.5 公斤 一箱". A pack that names its weight itself ("2.5 kg box") is not given it twice. `netG` in grams. */
export function packText(netG: number, pack: string, locale: Locale): string {
  const weight = formatPackWeight(netG, locale)
  if (pack === '') return weight
  return /\d/.test(pack) ? pack : `${weight} ${pack}`
}
