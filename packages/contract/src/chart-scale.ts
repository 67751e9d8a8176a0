/** Axes of curves, on the screen and on paper. */

/** A round number at or above `most`, and how many lines the axis is cut into: 1, 2 or 5 times a power of ten a step. */
export function roundScale(most: number): { top: number; lines: number } {
  const wanted = Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(wanted))
  for (const step of [power / 5, power / 2, power, power * 2]) {
    const whole = Math.max(1, step)
    const lines = Math.ceil(wanted / whole)
    if (lines <= 5) return { top: whole * lines, lines }
  }
  return { top: power * 10, lines: 5 }
}

/** Minutes between the marks of a time axis with at most `marksMax` of them. */
export function minutesBetweenMarks(lengthMin: number, marksMax: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360]
  return steps.find((step) => lengthMin / step <= marksMax) ?? Math.ceil(lengthMin / marksMax / 60) * 60
}
