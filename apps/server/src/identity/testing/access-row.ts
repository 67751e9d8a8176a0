/** What a row of the access matrix says, and how an answer is judged by it. */
import { type AccessWorld, COUNTY_A, type Name } from './access-world.ts'

/**
 * `may` names whom a row lets in. "A" is the shop or county that the request is about, "B" another one. `buyer` stands
 * for everybody who is signed in, `stranger` for who is not. Whoever is signed in and not named gets 403; where a thing
 * is the owner's own, it does not exist for anybody else, not even for an operator: 404.
 */
export interface Row {
  readonly may: readonly Name[]
  /** Body that names A where the path does not; otherwise an empty one, which the allowed see refused as wrong. */
  readonly body?: object
  /** What `:id` stands for in this path. */
  readonly id?: 'merchantA' | 'offerA' | 'shopA' | 'roomA' | 'skuId' | 'addressId' | 'muteId'
}

/** The path of a row, about A's things; an id that the row does not name is nobody's. */
export function pathOf({ ids }: AccessWorld, url: string, row: Row): string {
  const values: Record<string, number | string> = {
    ...ids,
    id: row.id ? ids[row.id] : 999_999_999,
    shopId: ids.shopA,
    roomId: ids.roomA,
    code: COUNTY_A,
    kind: 'price',
    documentId: 1,
    lineId: '00000000-0000-4000-8000-000000000000',
    qid: 1,
    file: '400.webp',
  }
  return url.replace(/:(\w+)/g, (_, name: string) => String(values[name])).replace('*', 'live.m3u8')
}

/** Why an answer does not fit the row, or null. */
export function objection(row: Row, name: Name, status: number): string | null {
  const isOwners = row.may.includes('owner')
  const isAllowed = row.may.includes(name) || (name !== 'stranger' && row.may.includes('buyer'))
  if (isAllowed) {
    const refused = [401, 403, 429, ...(isOwners ? [404] : [])].includes(status)
    return refused || status >= 500 ? `${name} is to be let in, and got ${status}` : null
  }
  const refusal = name === 'stranger' ? 401 : isOwners ? 404 : 403
  return status === refusal ? null : `${name} is to get ${refusal}, and got ${status}`
}
