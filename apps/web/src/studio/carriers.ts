/** Carriers that a county's shops use; the code is what is kept on the parcel. */
export const CARRIERS = [
  { code: 'sf', zh: '顺丰速运', en: 'SF Express' },
  { code: 'zto', zh: '中通快递', en: 'ZTO' },
  { code: 'yto', zh: '圆通速递', en: 'YTO' },
  { code: 'sto', zh: '申通快递', en: 'STO' },
  { code: 'yunda', zh: '韵达快递', en: 'Yunda' },
  { code: 'ems', zh: '邮政 EMS', en: 'China Post EMS' },
  { code: 'jt', zh: '极兔速递', en: 'J&T' },
  { code: 'jd', zh: '京东物流', en: 'JD Logistics' },
] as const

/** Name of a carrier for reading; one that a shop wrote itself stands as written. */
export function carrierName(code: string, locale: 'zh' | 'en'): string {
  return CARRIERS.find((carrier) => carrier.code === code)?.[locale] ?? code
}

/** True when a tracking number has the form that parcels accept. */
export function isTrackingNumber(text: string): boolean {
  return /^[A-Za-z0-9-]{6,40}$/.test(text)
}
