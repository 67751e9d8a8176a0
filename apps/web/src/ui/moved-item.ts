/** A copy of the list with the item at `from` standing at `to`; places out of range are brought into it. */
export function movedItem<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from]
  if (item === undefined) return [...list]
  const rest = list.filter((_, index) => index !== from)
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, item)
  return rest
}
