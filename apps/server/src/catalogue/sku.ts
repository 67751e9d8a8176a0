import type { SkuEdit, SkuStatus } from '@chunbo/contract'
import type { Refused } from './lot.ts'

/** What the rules need to know of a SKU. */
export interface SkuState {
  readonly version: number
  readonly status: SkuStatus
  readonly netG: number
}

/** SKUs of a shop, at most. */
export const SHOP_SKUS_MAX = 5_000

/**
 * Whether an edit may be made. The version that was read must be the one that stands. Net grams are free in a draft only:
 * a buyer who has seen a price for 500 g must never get 250 g for it, and grams sold are packs times net grams.
 */
export function checkSkuEdit(now: SkuState, edit: SkuEdit, shopOpen: boolean): Refused | null {
  if (edit.version !== now.version) return { code: 'catalogue.changed_meanwhile', params: { version: now.version } }
  if (edit.netG !== undefined && edit.netG !== now.netG && now.status !== 'draft')
    return { code: 'catalogue.net_fixed' }
  if (edit.status === 'off' && now.status === 'draft') return { code: 'catalogue.not_published' }
  if (edit.status === 'on_sale' && !shopOpen) return { code: 'catalogue.shop_closed' }
  return null
}
