import type { Queryable } from '../platform/database.ts'
import type { Slice } from '../platform/slice.ts'
import type { InspectionsContext } from './context.ts'
import './errors.ts'
import { proveLot } from './prove-lots.ts'
import { type Quality, readQuality } from './quality.ts'
import { inspectionRoutes } from './routes.ts'
import { PHOTO_BYTES_MAX } from './store-photo.ts'

/** The slice, and what the others ask of it. */
export interface Inspections extends Slice {
  /**
   * Puts the grade and certificate of a passed inspection on a lot that is made of its batch, in the caller's transaction, which
   * holds the lock of the case; after the commit the caller calls what this gives. @throws Refusal inspections.not_found
   */
  proveLot(
    tx: Queryable,
    lot: { readonly shopId: number; readonly lotId: number },
    inspectionId: string,
  ): Promise<() => void>
  /** Inspected and bad grams of the cases that these merchants had accepted. */
  qualityOf(merchantIds: readonly number[]): Promise<ReadonlyMap<number, Quality>>
}

/** Inspections: written in the field without a network, signed, and shown on what is sold. */
export function createInspections(
  platform: InspectionsContext['platform'],
  others: Omit<InspectionsContext, 'platform'>,
): Inspections {
  const context: InspectionsContext = { platform, ...others }
  const { app } = platform
  // The bytes as they are; what they are is found out by looking at them.
  for (const type of ['image/jpeg', 'image/png', 'image/webp']) {
    if (app.hasContentTypeParser(type)) continue
    app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: PHOTO_BYTES_MAX }, (_request, body, done) => {
      done(null, body)
    })
  }
  return {
    name: 'inspections',
    routes: inspectionRoutes(context),
    proveLot: (tx, lot, inspectionId) => proveLot(context, tx, lot, inspectionId),
    qualityOf: (merchantIds) => readQuality(platform.db, merchantIds),
  }
}
