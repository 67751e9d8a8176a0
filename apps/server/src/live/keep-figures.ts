import type { LiveContext } from './context.ts'

/** Writes down the most viewers that each room in memory has had, and its hearts. */
export async function keepPeaks({ hub, platform }: Pick<LiveContext, 'hub' | 'platform'>): Promise<void> {
  const peaks = [...hub.rooms].flatMap(({ id, figures }) =>
    figures.viewersPeak > 0 ? [{ id, peak: figures.viewersPeak, likes: figures.likes }] : [],
  )
  if (peaks.length === 0) return
  await platform.db.query(
    `update rooms r set viewers_peak = greatest(r.viewers_peak, p.peak), likes = greatest(r.likes, p.likes)
     from unnest($1::bigint[], $2::int[], $3::bigint[]) p(id, peak, likes)
     where r.id = p.id and (r.viewers_peak < p.peak or r.likes < p.likes)`,
    [peaks.map(({ id }) => id), peaks.map(({ peak }) => peak), peaks.map(({ likes }) => likes)],
  )
}

/** Notes that these rooms have video now, for the job that ends silent ones. */
export async function noteVideo(
  { platform }: Pick<LiveContext, 'platform'>,
  roomIds: readonly number[],
): Promise<void> {
  if (roomIds.length === 0) return
  await platform.db.query(`update rooms set video_at = $2 where id = any($1::bigint[]) and status = 'live'`, [
    roomIds,
    platform.clock.now(),
  ])
}
