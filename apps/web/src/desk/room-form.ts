import type { RoomDesk, RoomInput } from '@chunbo/contract/rooms'
import type { RoomEdit } from './api.ts'
import { fromLocalField, proposedStart, toLocalField } from './local-time.ts'
import { deskText } from './texts.ts'

/** What stands in the form, as it was typed; `when` is what a datetime-local field holds. */
export interface RoomForm {
  countyCode: number
  titleZh: string
  titleEn: string
  hostName: string
  hostOffice: string
  hostOfficeEn: string
  when: string
  /** Only for a new room: one is for practice from its beginning or never. */
  practice: boolean
  minorsWarning: boolean
}

export function newRoomForm(countyCode: number, hostName: string, nowMs: number): RoomForm {
  const when = toLocalField(proposedStart(nowMs))
  return {
    countyCode,
    titleZh: '',
    titleEn: '',
    hostName: hostName.slice(0, 20),
    hostOffice: '',
    hostOfficeEn: '',
    when,
    practice: false,
    minorsWarning: false,
  }
}

export function roomFormOf(room: RoomDesk): RoomForm {
  const { titleZh, titleEn, hostName, hostOffice, hostOfficeEn, practice, minorsWarning } = room
  const when = toLocalField(Date.parse(room.scheduledAt))
  const texts = { titleZh, titleEn, hostName, hostOffice, hostOfficeEn }
  return { countyCode: room.county.code, ...texts, when, practice, minorsWarning }
}

export type RoomTrouble = Partial<Record<'countyCode' | 'titleZh' | 'hostName' | 'when', string>>

/** What keeps the form from being saved. `isStarted`: the time is past and stands still. */
export function roomTrouble(form: RoomForm, nowMs: number, isStarted: boolean): RoomTrouble {
  const trouble: RoomTrouble = {}
  const atMs = fromLocalField(form.when)
  if (form.countyCode === 0) trouble.countyCode = deskText('required')
  if (form.titleZh.trim() === '') trouble.titleZh = deskText('required')
  if (form.hostName.trim() === '') trouble.hostName = deskText('required')
  if (atMs === undefined) trouble.when = deskText('required')
  else if (atMs < nowMs - 60_000 && !isStarted) trouble.when = deskText('whenPast')
  return trouble
}

/** The texts and the time as the API takes them; `coverPictureId` null for no cover. */
export function roomEdit(form: RoomForm, coverPictureId: string | null): RoomEdit {
  const texts = {
    titleZh: form.titleZh.trim(),
    titleEn: form.titleEn.trim(),
    hostName: form.hostName.trim(),
    hostOffice: form.hostOffice.trim(),
    hostOfficeEn: form.hostOfficeEn.trim(),
  }
  const atMs = fromLocalField(form.when) ?? 0
  const { minorsWarning } = form
  return { ...texts, scheduledAt: new Date(atMs).toISOString(), coverPictureId, minorsWarning }
}

export function roomInput(form: RoomForm, coverPictureId: string | null): RoomInput {
  const edit = roomEdit(form, coverPictureId)
  return {
    ...edit,
    countyCode: form.countyCode,
    titleZh: form.titleZh.trim(),
    hostName: form.hostName.trim(),
    scheduledAt: edit.scheduledAt ?? '',
    ...(form.practice ? { practice: true } : {}),
  }
}
