import { divideText, JIN_G, type Locale } from './mass.ts'

/** Money is integer fen everywhere inside; these are the only places where it becomes text. */

/** Fen as yuan with two places and no sign: 1990 -> "19.90". `fen` is a safe integer, may be negative. */
export function formatYuan(fen: number): string {
  const absolute = Math.abs(fen)
  const text = `${Math.trunc(absolute / 100)}.${String(absolute % 100).padStart(2, '0')}`
  return fen < 0 ? `-${text}` : text
}

/** Yuan part and fen part of a price, for a large yuan beside a small fen: 1990 -> ["19", "90"]. */
export function splitPrice(fen: number): [yuan: string, fenPart: string] {
  const [yuan = '0', fenPart = '00'] = formatYuan(fen).split('.')
  return [yuan, fenPart]
}

/** An amount for a figure on a page: "¥19.90", and from ten thousand yuan on in Chinese "¥3.26 万". */
export function formatAmount(fen: number, locale: Locale): string {
  if (locale === 'zh' && Math.abs(fen) >= 1_000_000) return `¥${divideText(fen, 1_000_000, 2)} 万`
  const [yuan, part] = splitPrice(fen)
  return `¥${yuan.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${part}`
}

/** Price of a mass of `perG` grams, in fen rounded half up, when `netG` grams cost `priceFen`. */
export function priceForMassFen(priceFen: number, netG: number, perG: number): number {
  return Number((BigInt(priceFen) * BigInt(perG) * 2n + BigInt(netG)) / (2n * BigInt(netG)))
}

/** Price of 500 g (one 斤) in fen, rounded half up. */
export function pricePerJinFen(priceFen: number, netG: number): number {
  return priceForMassFen(priceFen, netG, JIN_G)
}

/** Price of a kilogram in fen, rounded half up. */
export function pricePerKgFen(priceFen: number, netG: number): number {
  return priceForMassFen(priceFen, netG, 1000)
}
