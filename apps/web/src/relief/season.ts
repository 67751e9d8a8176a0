/** Whether a month (1 to 12) is in "3-10" or "11-3", which goes over the new year; several spans stand with commas. */
export function isHarvestedIn(months: string, month: number): boolean {
  return months.split(/[,;]/).some((span) => {
    const [from = 0, to = from] = span.split('-').map(Number)
    return from <= to ? month >= from && month <= to : month >= from || month <= to
  })
}
