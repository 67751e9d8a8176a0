import type { Identity } from '../identity/index.ts'
import type { Who } from '../platform/session.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import type { MerchantsContext } from './context.ts'
import './errors.ts'
import { merchantJobs } from './jobs.ts'
import { merchantStaff } from './merchant-staff.ts'
import { openRenewals } from './open-renewals.ts'
import { merchantRoutes } from './routes.ts'

export { chinaDay } from './china-day.ts'

/** The slice, and what the others ask of it. */
export interface Merchants extends Slice {
  /** Hears of merchants whose profile, prices or papers have changed, after the commit, in this process. */
  onChanged(listener: (merchantId: number) => void): void
  /**
   * A rule that lets pass the staff of the merchant which `merchantOf` finds for the path's id, and the relief desk.
   * What it throws is the answer, so that what does not exist can be a 404.
   */
  staffWho(name: string, merchantOf: (id: number) => Promise<number>): Who
  /** Opens the renewals that are due; the job does it every hour. Gives how many. */
  openRenewals(): Promise<number>
}

/** Merchants: what they take, from where and at which price, with papers and staff. */
export function createMerchants(
  platform: Platform,
  options: { readonly identity: Identity; readonly recordsOf: MerchantsContext['recordsOf'] },
): Merchants {
  const listeners: ((merchantId: number) => void)[] = []
  const context: MerchantsContext = {
    platform,
    ...options,
    changed: (merchantId) => {
      for (const listener of listeners) listener(merchantId)
    },
  }
  return {
    name: 'merchants',
    routes: merchantRoutes(context),
    jobs: merchantJobs(context),
    onChanged: (listener) => {
      listeners.push(listener)
    },
    staffWho: (name, merchantOf) => merchantStaff(context, name, merchantOf),
    openRenewals: () => openRenewals(context),
  }
}
