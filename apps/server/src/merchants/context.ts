import type { MerchantRecord } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'

export interface MerchantsContext {
  readonly platform: Platform
  readonly identity: Identity
  /** What the past of these merchants says; offers and inspections come later in the order, so the composition passes it. */
  recordsOf(merchantIds: readonly number[]): Promise<ReadonlyMap<number, MerchantRecord>>
  /** Something that the match looks at has changed; told after the commit. */
  changed(merchantId: number): void
}
