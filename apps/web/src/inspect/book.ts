import { canonical, type PhotoValue } from '@chunbo/contract/inspection-fields'
import type { Inspection, InspectionCase, InspectionOp, MyInspections } from '@chunbo/contract/inspections'
import { computed, ref, shallowRef } from 'vue'
import { makeUuid } from '../ui/make-uuid.ts'
import { forgetOp, type KeptOp, type KeptPhoto, keepOps, readKept } from './device-store.ts'
import { type Standing, type StandingOp, standingOf } from './standing.ts'

/** The inspector's book on this phone: what the server said last, and on top of it what has not been sent yet. */
export const mine = shallowRef<MyInspections | null>(null)
export const ops = shallowRef<readonly KeptOp[]>([])
export const photos = shallowRef<readonly KeptPhoto[]>([])
export const sentAt = ref<string | null>(null)
export const isOpen = ref(false)
let device = ''
export const deviceId = () => device

/** Reads everything from disk anew: another tab may have written. */
export async function openBook(): Promise<void> {
  const kept = await readKept(makeUuid)
  device = kept.facts.device
  mine.value = kept.facts.mine
  sentAt.value = kept.facts.sentAt
  ops.value = kept.ops
  photos.value = kept.photos
  isOpen.value = true
}

const ofMe = <T extends { readonly userId: number }>(all: readonly T[]) =>
  all.filter(({ userId }) => userId === mine.value?.me.id)
export const waiting = computed(
  () =>
    ofMe(ops.value).filter(({ refused }) => refused === null).length +
    ofMe(photos.value).filter(({ sent }) => !sent).length,
)
export const refusedOps = computed(() => ofMe(ops.value).filter(({ refused }) => refused !== null))

/** An inspection on this phone; `sent` is undefined while the server has not heard of it. */
export interface OwnInspection {
  readonly id: string
  readonly caseId: number
  readonly corrects: string | null
  readonly sent: Inspection | undefined
  readonly own: readonly StandingOp[]
  /** A sign that has not been sent yet. */
  readonly signing: boolean
}

export const inspections = computed<ReadonlyMap<string, OwnInspection>>(() => {
  const found = new Map<string, OwnInspection>()
  for (const sent of mine.value?.inspections ?? []) {
    const { id, caseId, corrects } = sent
    found.set(id, { id, caseId, corrects, sent, own: [], signing: false })
  }
  for (const { op } of ofMe(ops.value).filter(({ refused }) => refused === null)) {
    const { inspectionId: id, caseId, corrects } = op
    const known = found.get(id) ?? { id, caseId, corrects, sent: undefined, own: [], signing: false }
    const who = mine.value?.me.name ?? ''
    found.set(id, op.kind === 'sign' ? { ...known, signing: true } : { ...known, own: [...known.own, { ...op, who }] })
  }
  return found
})

export const caseOf = (caseId: number): InspectionCase | undefined => mine.value?.cases.find(({ id }) => id === caseId)

export function standing(inspection: OwnInspection): Standing {
  const found = caseOf(inspection.caseId)
  const family = inspection.sent?.family ?? found?.family ?? null
  return standingOf(inspection.sent, inspection.own, { family, grams: found?.grams ?? 1 })
}

let onWritten = () => {}
/** The sender listens here. */
export function listenWritten(listener: () => void): void {
  onWritten = listener
}

async function keep(made: readonly InspectionOp[], photo?: KeptPhoto): Promise<void> {
  const me = mine.value?.me
  if (me === undefined) return
  await keepOps(me.id, made, photo)
  await openBook()
  onWritten()
}

// Writes go to disk one after the other, so that each has seen the one before it.
let line: Promise<void> = Promise.resolve()
function inLine(work: () => Promise<void>): Promise<void> {
  const run = line.then(work)
  line = run.catch(() => {})
  return run
}

const head = (inspection: Pick<OwnInspection, 'id' | 'caseId' | 'corrects'>) => ({
  id: makeUuid(),
  inspectionId: inspection.id,
  caseId: inspection.caseId,
  corrects: inspection.corrects,
  at: new Date().toISOString(),
})

/** Writes a field of an inspection, having seen what stands there now. The same value again writes nothing. */
export function writeField(id: string, field: string, value: unknown, photo?: KeptPhoto): Promise<void> {
  return inLine(async () => {
    const inspection = inspections.value.get(id)
    if (inspection === undefined) return
    const heads = standing(inspection).heads.get(field) ?? []
    if (heads.length === 1 && canonical(heads[0]?.value) === canonical(value)) return
    await keep([{ ...head(inspection), kind: 'set', field, value, seen: heads.map((each) => each.id) }], photo)
  })
}

/** Keeps a photo and the words about it in one step. */
export function addPhoto(id: string, blob: Blob, value: PhotoValue): Promise<void> {
  const photo = { id: makeUuid(), userId: mine.value?.me.id ?? 0, inspectionId: id, blob, sent: false }
  return writeField(id, `photo/${photo.id}`, value, photo)
}

/** Signs everything that stands in it now, as it was on the screen. */
export function signInspection(id: string): Promise<void> {
  return inLine(async () => {
    const inspection = inspections.value.get(id)
    if (inspection === undefined || inspection.signing || inspection.sent?.state === 'signed') return
    const covers = [...standing(inspection).heads.values()].flat().map((each) => each.id)
    await keep([{ ...head(inspection), kind: 'sign', covers }])
  })
}

export interface Position {
  readonly lngE5: number | null
  readonly latE5: number | null
}

/** Begins an inspection; a correction takes over everything but the signatures, with `changed` in place of its own value. Gives the id. */
export async function beginInspection(
  caseId: number,
  position: Position,
  corrects: { readonly inspection: Inspection; readonly changed: Readonly<Record<string, unknown>> } | null = null,
): Promise<string> {
  const id = makeUuid()
  const fresh = { id, caseId, corrects: corrects?.inspection.id ?? null }
  const values: Record<string, unknown> = { ...corrects?.inspection.signed?.values, ...corrects?.changed }
  const taken = Object.entries(values).filter(([field]) => !/^(signature\/|started|dropped)/.test(field))
  await inLine(() =>
    keep(
      [['started', { at: new Date().toISOString(), ...position }] as const, ...taken].map(([field, value]) => ({
        ...head(fresh),
        kind: 'set' as const,
        field,
        value,
        seen: [],
      })),
    ),
  )
  return id
}

/** Lets go of a change that the server refused, after it has been read. */
export async function dismiss(n: number): Promise<void> {
  await forgetOp(n)
  await openBook()
}
