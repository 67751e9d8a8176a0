/** Delivery directives of a playlist request (RFC 8216bis, 6.2.5.2). */
export interface ReloadDirectives {
  msn: number | null
  part: number | null
}

/** Reads `_HLS_msn` and `_HLS_part`; null when they are not what the RFC allows. */
export function parseReloadDirectives(query: URLSearchParams): ReloadDirectives | null {
  const msn = parseIndex(query.get('_HLS_msn'))
  const part = parseIndex(query.get('_HLS_part'))
  if (msn === undefined || part === undefined) return null
  return msn === null && part !== null ? null : { msn, part }
}

function parseIndex(text: string | null): number | null | undefined {
  if (text === null) return null
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

export interface WindowEdge {
  /** The segment that is open or will be opened next. */
  nextMsn: number
  /** Parts of that segment that can be fetched. */
  parts: number
  /** Parts of the segment before it. */
  partsBefore: number
}

/**
 * What to do with a request: answer now, wait for the edge to move, or refuse because it is too far ahead. A part past
 * the end of the segment just finished means the first part of the next one, as the RFC demands.
 */
export function decideReload(asked: ReloadDirectives, edge: WindowEdge, partsAhead: number): 'now' | 'wait' | 'refuse' {
  if (asked.msn === null) return 'now'
  let { msn, part } = asked
  if (msn === edge.nextMsn - 1 && part !== null && part >= edge.partsBefore) {
    msn = edge.nextMsn
    part = 0
  }
  if (msn < edge.nextMsn) return 'now'
  if (msn > edge.nextMsn + 1) return 'refuse'
  if (msn > edge.nextMsn) return (part ?? 0) > partsAhead ? 'refuse' : 'wait'
  if (part === null) return 'wait'
  if (part < edge.parts) return 'now'
  return part > edge.parts + partsAhead ? 'refuse' : 'wait'
}
