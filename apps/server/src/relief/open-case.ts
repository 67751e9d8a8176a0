import type { AlertReceipt, AlertSource } from '@chunbo/contract'
import { first, one, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { claimPictures } from './claim-pictures.ts'
import { contactPhone } from './contact-phone.ts'
import type { ReliefContext } from './context.ts'
import { logCase } from './move-case.ts'
import { readProduceClock } from './produce-clock.ts'
import { proposeDuplicates } from './propose-duplicates.ts'
import { checkReport, dayInChina, type Report } from './report.ts'
import { stageDue } from './stages.ts'
import { makeToken } from './token.ts'

/** Reports of strangers that one phone may stand in on a day: a victim of a joke gets no more text messages than this. */
export const PHONE_REPORTS_A_DAY = 5

/** Sources whose keys are UUIDs of the form; somebody who signs in between two tries must not report twice. */
const BY_FORM: readonly AlertSource[] = ['public', 'phone', 'merchant', 'official', 'commissioner']

/** Reports with the same lock wait for each other, so that what one has written is seen by the next. */
async function lock(tx: Queryable, what: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 300))', [`relief ${what}`])
}

async function findReplay(tx: Queryable, report: Report): Promise<AlertReceipt | null> {
  const sources = BY_FORM.includes(report.source) ? BY_FORM : [report.source]
  const found = first(
    await tx.query<Omit<AlertReceipt, 'replayed'>>(
      `select token, case_id as "caseId", grams from relief_alerts
       where source = any($1) and source_name = $2 and source_key = $3`,
      [[...sources], report.sourceName, report.key],
    ),
  )
  return found && { ...found, replayed: true }
}

async function checkPlaceAndProduce(tx: Queryable, { countyCode, produceSlug }: Report['facts']): Promise<void> {
  const known = one(
    await tx.query<{ place: boolean; produce: boolean }>(
      `select exists (select from places where code = $1) as place,
         $2::text is null or exists (select from produce where slug = $2) as produce`,
      [countyCode, produceSlug],
    ),
  )
  if (!known.place) throw new Refusal('relief.place_unknown')
  if (!known.produce) throw new Refusal('relief.produce_unknown')
}

async function takeContact(tx: Queryable, report: Report, now: Date): Promise<Report['contact']> {
  if (report.contact === null) return null
  const phone = contactPhone(report.contact.phone)
  if (phone === null) throw new Refusal('relief.phone_invalid')
  if (report.contact.name.trim() === '') {
    throw new Refusal('request.invalid', {}, { fields: [{ path: '/contact/name', message: 'empty' }] })
  }
  if (report.source === 'public') {
    await lock(tx, `phone ${phone}`)
    const { n } = one(
      await tx.query<{ n: number }>(
        `select count(*)::int as n from relief_contacts c join relief_alerts a on a.id = c.alert_id
         where c.phone = $1 and a.source = 'public' and a.reported_at > $2::timestamptz - interval '1 day'`,
        [phone, now],
      ),
    )
    if (n >= PHONE_REPORTS_A_DAY) {
      throw new Refusal('relief.phone_limit', { max: PHONE_REPORTS_A_DAY }, { retryAfterS: 86_400 })
    }
  }
  return { ...report.contact, phone }
}

// The same facts twice: those of the alert stay as they came, those of the case are what the desk makes of them.
const INSERT = `
  with opened as (
    insert into relief_cases (produce_slug, produce_text, county_code, township, village, lng_e5, lat_e5, grams,
      harvest_from, harvest_to, picked_on, floor_fen_per_kg, households, spoils_at, stage_since, stage_due, reported_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15)
    returning id
  )
  insert into relief_alerts (case_id, first_case_id, token, source, source_name, source_key, quantity_text, words,
    reporter_id, produce_slug, produce_text, county_code, township, village, lng_e5, lat_e5, grams,
    harvest_from, harvest_to, picked_on, floor_fen_per_kg, households, reported_at)
  select id, id, $17, $18, $19, $20, $21, $22, $23, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15 from opened
  returning id as "alertId", case_id as "caseId"`

async function insert(tx: Queryable, report: Report, token: string, now: Date) {
  const { facts } = report
  const spoilsAt = await readProduceClock(tx, facts)
  return one(
    await tx.query<{ alertId: number; caseId: number }>(INSERT, [
      facts.produceSlug,
      facts.produceText?.trim() ?? '',
      facts.countyCode,
      facts.township?.trim() ?? '',
      facts.village?.trim() ?? '',
      facts.lngE5 ?? null,
      facts.latE5 ?? null,
      report.grams,
      facts.harvestFrom,
      facts.harvestTo,
      facts.pickedOn,
      facts.floorFenPerKg ?? null,
      facts.households ?? null,
      spoilsAt,
      now,
      stageDue('reported', now, spoilsAt),
      token,
      report.source,
      report.sourceName,
      report.key,
      report.quantityText,
      facts.words?.trim() ?? '',
      report.reporterId,
    ]),
  )
}

/**
 * Opens a case by a report, or finds the one that the same report has opened: a key opens one case, however often and
 * from however many connections it comes.
 * @throws Refusal relief.produce_needed, produce_unknown, place_unknown, place_outside, harvest_order, harvest_over,
 *   harvest_too_far, picked_in_future, phone_invalid, phone_limit, picture_gone
 */
export async function openCase(context: ReliefContext, report: Report): Promise<AlertReceipt> {
  const now = context.platform.clock.now()
  return context.platform.db.transaction(async (tx) => {
    await lock(tx, `key ${report.sourceName} ${report.key}`)
    // Before the rules: a retry after midnight must not be told that the harvest is over.
    const replay = await findReplay(tx, report)
    if (replay) return replay
    const refusal = checkReport(report.facts, dayInChina(now))
    if (refusal) throw refusal
    await checkPlaceAndProduce(tx, report.facts)
    const contact = await takeContact(tx, report, now)
    const token = makeToken()
    const { alertId, caseId } = await insert(tx, report, token, now)
    await claimPictures(tx, report.pictures)
    await tx.query(
      `insert into relief_alert_pictures (alert_id, position, picture_id)
       select $1, position - 1, id from unnest($2::uuid[]) with ordinality as given (id, position)`,
      [alertId, [...report.pictures]],
    )
    if (contact) {
      await tx.query('insert into relief_contacts (alert_id, name, phone, relation) values ($1, $2, $3, $4)', [
        alertId,
        contact.name.trim(),
        contact.phone,
        contact.relation?.trim() ?? '',
      ])
    }
    const facts = { alertId, source: report.source, grams: report.grams }
    await logCase(tx, { caseId, actorId: report.reporterId, now, kind: 'reported', toStage: 'reported', facts })
    await proposeDuplicates(tx, caseId, now)
    return { token, caseId, grams: report.grams, replayed: false }
  })
}
