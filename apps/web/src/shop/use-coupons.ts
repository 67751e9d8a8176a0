import { bestCoupon, nearestCoupon } from '@chunbo/contract/best-coupon'
import type { Coupon } from '@chunbo/contract/coupons'
import { type ComputedRef, computed, onScopeDispose, ref, shallowRef } from 'vue'
import { knowMe } from '../ui/session.ts'
import { loadCoupons } from './api.ts'

/** What a checkout remembers of a coupon that it was sent with. */
export type ChosenCoupon = Pick<Coupon, 'couponId' | 'shopId' | 'offFen' | 'fromFen' | 'validUntil'>

export interface CouponChoice {
  /** The coupon that fits best for each shop, whether it is switched on or not. */
  readonly best: ComputedRef<ReadonlyMap<number, ChosenCoupon>>
  /** For shops without a fitting one: what is missing for the nearest. */
  readonly near: ComputedRef<ReadonlyMap<number, { readonly offFen: number; readonly missingFen: number }>>
  /** Those that are used. */
  readonly chosen: ComputedRef<readonly ChosenCoupon[]>
  readonly discountFen: ComputedRef<number>
  isOn(shopId: number): boolean
  toggle(shopId: number): void
  /** Looks at the coupons again, after one was refused. */
  reload(): Promise<void>
  /** Resolves when the first look is over, whatever came of it, or has taken too long to wait for. */
  readonly ready: Promise<void>
}

/** How long paying waits for the coupons at most, in ms; then it goes on without. */
const WAIT_MS_MAX = 2_000

/**
 * The coupons of the buyer for goods of so many fen a shop. The best is chosen by itself. `sent` are those of an order that was sent and of whose
 * fate nothing is known yet: it keeps them, because that order may have them already and must be sent again as it was.
 */
export function useCoupons(
  goods: () => ReadonlyMap<number, number>,
  sent: () => readonly ChosenCoupon[] | null = () => null,
): CouponChoice {
  const mine = shallowRef<readonly Coupon[]>([])
  const off = ref(new Set<number>())
  // What was good when the page looked; whether it still is, the server says.
  let lookedAtMs = Date.now()
  const abort = new AbortController()
  onScopeDispose(() => abort.abort())

  async function reload(): Promise<void> {
    try {
      if ((await knowMe()) === null) return
      mine.value = (await loadCoupons('usable', undefined, abort.signal)).items
      lookedAtMs = Date.now()
    } catch {
      // Without an answer nothing is taken off, and the price that is shown is the price that is asked.
      mine.value = []
    }
  }

  const best = computed(() => {
    const kept = sent()
    if (kept !== null) return new Map(kept.map((coupon) => [coupon.shopId, coupon]))
    const found = new Map<number, ChosenCoupon>()
    for (const [shopId, goodsFen] of goods()) {
      const coupon = bestCoupon(mine.value, shopId, goodsFen, lookedAtMs)
      if (coupon !== null) found.set(shopId, coupon)
    }
    return found
  })
  const near = computed(() => {
    const found = new Map<number, { offFen: number; missingFen: number }>()
    for (const [shopId, goodsFen] of goods()) {
      const next = nearestCoupon(mine.value, shopId, goodsFen, lookedAtMs)
      if (next !== null && !best.value.has(shopId) && goodsFen > 0)
        found.set(shopId, { offFen: next.coupon.offFen, missingFen: next.missingFen })
    }
    return found
  })
  const isOn = (shopId: number) => sent() !== null || !off.value.has(shopId)
  const chosen = computed(() => [...best.value.values()].filter(({ shopId }) => isOn(shopId)))
  return {
    best,
    near,
    chosen,
    discountFen: computed(() => chosen.value.reduce((sum, { offFen }) => sum + offFen, 0)),
    isOn,
    toggle(shopId) {
      const next = new Set(off.value)
      if (!next.delete(shopId)) next.add(shopId)
      off.value = next
    },
    reload,
    ready: Promise.race([reload(), new Promise<void>((resolve) => window.setTimeout(resolve, WAIT_MS_MAX))]),
  }
}
