/**
 * Whether a harvest from day `from` to day `to` (YYYY-MM-DD, both counted in) touches month `month` (1 to 12) in any year. A harvest of
 * a year or longer touches every month.
 */
export function coversMonth(from: string, to: string, month: number): boolean {
  const first = monthCount(from)
  const last = monthCount(to)
  for (let at = first; at <= Math.min(last, first + 11); at += 1) if ((at % 12) + 1 === month) return true
  return false
}

/** Months since year 0 of a day. */
function monthCount(day: string): number {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return year * 12 + month - 1
}
