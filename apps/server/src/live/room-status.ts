import type { RoomStatus } from '@chunbo/contract'
import type { LiveContext } from './context.ts'

/** What a change of status gives back to be told. */
export interface StatusRow {
  readonly id: number
  readonly status: RoomStatus
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly version: number
}

export const RETURNING_STATUS = `returning id, status, started_at as "startedAt", ended_at as "endedAt", version`

/** Tells a room's sockets of its new status, at once. */
export function tellStatus({ hub }: Pick<LiveContext, 'hub'>, row: StatusRow): void {
  const startedAt = row.startedAt?.toISOString() ?? null
  const endedAt = row.endedAt?.toISOString() ?? null
  hub.tell(row.id, (live) => live.publishState({ t: 'status', status: row.status, startedAt, endedAt }, row.version))
}
