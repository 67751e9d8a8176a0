import type { OfferWhy, Pickup } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { type CaseMoved, logCase, moveCase } from '../relief/index.ts'
import { type LockedCase, lockCase } from './lock-case.ts'
import { offerExpiry } from './offer-term.ts'
import { MAY_COME_AGAIN } from './read-cases.ts'

/** An offer that is to be made. */
export interface Draft {
  readonly caseId: number
  readonly merchantId: number
  readonly grams: number
  readonly priceFenPerKg: number | null
  readonly pickups: readonly Pickup[]
  readonly runId: number | null
  readonly why: OfferWhy | null
  /** Where a person wanted it so. */
  readonly overruled: { readonly by: number; readonly reason: string; readonly conditions: readonly string[] } | null
}

// Whoever runs this holds the lock of the case, so nothing of what is looked at can change before the commit. A person may
// offer what is on offer elsewhere already: the first who accepts has it. The match offers only what nobody has.
const INSERT = `
  insert into offers (case_id, merchant_id, run_id, grams, least_g, price_fen_per_kg, pick_day, pickups, made_at, expires_at,
    why, overruled_by, overrule_reason, overrule_conditions)
  select $1, m.id, $3, $4, greatest(1, least(m.lot_min_g, $4)), $5, $6, $7, $8, $9, $10, $11, $12, $13
  from merchants m
  where m.id = $2 and merchant_papers_missing(m.id, $14) = '{}' and (m.active or $11::bigint is not null)
    and not exists (
      select from offers o where o.case_id = $1 and o.merchant_id = $2
        and (o.state in ('open', 'accepted') or $11::bigint is null and not ${MAY_COME_AGAIN}))
    and $4 <= $15 - (
      select coalesce(sum(coalesce(o.accepted_g, o.grams)), 0) from offers o
      where o.case_id = $1 and (o.state = 'accepted' or o.state = 'open' and $11::bigint is null))
    and $16 > (select count(*) from offers o
      where o.case_id = $1 and (o.state = 'accepted' or o.state = 'open' and $11::bigint is null))
  returning id`

/** Inserts an offer under the lock of its case; null when the case or the merchant no longer allow it. */
export async function insertOffer(
  tx: Queryable,
  found: LockedCase,
  draft: Draft,
  at: { readonly now: Date; readonly today: string },
): Promise<number | null> {
  const { overruled } = draft
  const made = first(
    await tx.query<{ id: number }>(INSERT, [
      draft.caseId,
      draft.merchantId,
      draft.runId,
      draft.grams,
      draft.priceFenPerKg,
      draft.pickups[0]?.day ?? at.today,
      JSON.stringify(draft.pickups),
      at.now,
      offerExpiry(at.now, found.spoilsAt),
      draft.why === null ? null : JSON.stringify(draft.why),
      overruled?.by ?? null,
      overruled?.reason ?? '',
      overruled?.conditions ?? [],
      at.today,
      found.grams,
      found.merchantsMax,
    ]),
  )
  return made?.id ?? null
}

/**
 * Makes offers of one case and moves it to "offered" where it was waiting. What no longer fits is left out: the next run sees
 * to it. `moved` is what has to be told after the commit.
 */
export async function makeOffers(
  tx: Queryable,
  drafts: readonly Draft[],
  at: { readonly now: Date; readonly today: string },
): Promise<{ made: number[]; moved: CaseMoved[] }> {
  const caseId = drafts[0]?.caseId
  const found = caseId === undefined ? null : await lockCase(tx, caseId)
  if (caseId === undefined || found === null || !['verified', 'offered', 'accepted'].includes(found.stage)) {
    return { made: [], moved: [] }
  }
  const made: number[] = []
  for (const draft of drafts) {
    const id = await insertOffer(tx, found, draft, at)
    if (id === null) continue
    made.push(id)
    const { merchantId, grams, overruled } = draft
    await logCase(tx, {
      caseId,
      actorId: overruled?.by ?? null,
      now: at.now,
      kind: overruled === null ? 'offer_made' : 'offer_overruled',
      note: overruled?.reason ?? '',
      facts: { offerId: id, merchantId, grams, ...(overruled === null ? {} : { conditions: overruled.conditions }) },
    })
  }
  if (made.length === 0 || found.stage !== 'verified') return { made, moved: [] }
  const actorId = drafts.find(({ overruled }) => overruled !== null)?.overruled?.by ?? null
  const from = await moveCase(tx, { caseId, to: 'offered', actorId, now: at.now, kind: 'offered' })
  return { made, moved: [{ caseId, from, to: 'offered' }] }
}
