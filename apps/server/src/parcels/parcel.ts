import type { ShipInput } from '@chunbo/contract'
import type { Static } from 'typebox'

/** What is known of a parcel when it leaves. */
export interface ParcelFacts {
  readonly carrier: string
  readonly trackingNumber: string
}

/**
 * A parcel as it is kept: the carrier without stray space or control characters, the number in capitals as carriers print
 * it, so that the same parcel is always written the same. Null when no carrier is left.
 */
export function readParcel(input: Static<typeof ShipInput>): ParcelFacts | null {
  const carrier = input.carrier
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return carrier === '' ? null : { carrier, trackingNumber: input.trackingNumber.toUpperCase() }
}

export function isSameParcel(one: ParcelFacts, other: ParcelFacts): boolean {
  return one.carrier === other.carrier && one.trackingNumber === other.trackingNumber
}
