import { first, type Queryable } from '../platform/database.ts'

/** A publish on the cluster that has not ended. */
export interface OpenPublish {
  readonly roomId: number
  readonly session: string
  readonly sourceType: string
  readonly startedAt: Date
}

/**
 * Opens a publish; null when the room has ended, is for practice or is not there, or when this publish has ended before: a callback that is
 * sent again must not bring a room back on air. Sent twice while it is open, it changes nothing.
 */
export async function openPublish(
  db: Queryable,
  publish: { roomId: number; session: string; sourceType: string },
  at: Date,
): Promise<OpenPublish | null> {
  return first(
    await db.query<OpenPublish>(
      `insert into cluster_publishes as p (room_id, session, source_type, started_at)
       select id, $2, $3, $4 from rooms where id = $1 and status <> 'ended' and not practice
       on conflict (room_id, session) do update set session = excluded.session where p.ended_at is null
       returning room_id as "roomId", session, source_type as "sourceType", started_at as "startedAt"`,
      [publish.roomId, publish.session, publish.sourceType, at],
    ),
  )
}

/** Ends a publish. One that is not known is written down as ended, so that its opening, should it come late, opens nothing. Idempotent. */
export async function closePublish(db: Queryable, roomId: number, session: string, at: Date): Promise<void> {
  await db.query(
    `insert into cluster_publishes as p (room_id, session, started_at, ended_at) select id, $2, $3, $3 from rooms where id = $1
     on conflict (room_id, session) do update set ended_at = coalesce(p.ended_at, excluded.ended_at)`,
    [roomId, session, at],
  )
}

/** Ends all that is open in a room and gives it back. */
export function closeRoomPublishes(db: Queryable, roomId: number, at: Date): Promise<OpenPublish[]> {
  return db.query<OpenPublish>(
    `update cluster_publishes set ended_at = $2 where room_id = $1 and ended_at is null
     returning room_id as "roomId", session, source_type as "sourceType", started_at as "startedAt"`,
    [roomId, at],
  )
}

export function listOpenPublishes(db: Queryable): Promise<OpenPublish[]> {
  return db.query<OpenPublish>(
    `select room_id as "roomId", session, source_type as "sourceType", started_at as "startedAt"
     from cluster_publishes where ended_at is null order by room_id, started_at limit 5000`,
  )
}

export async function noteRecording(
  db: Queryable,
  recording: { roomId: number; file: string; durationMs: number | null },
  at: Date,
): Promise<void> {
  await db.query(
    `insert into cluster_recordings (room_id, file, duration_ms, told_at) select id, $2, $3, $4 from rooms where id = $1
     on conflict (room_id, file) do nothing`,
    [recording.roomId, recording.file, recording.durationMs, at],
  )
}

export function listRecordings(
  db: Queryable,
  roomId: number,
): Promise<{ file: string; durationMs: number | null; toldAt: Date }[]> {
  return db.query(
    `select file, duration_ms as "durationMs", told_at as "toldAt" from cluster_recordings
     where room_id = $1 order by id limit 1000`,
    [roomId],
  )
}
