/**
 * Keeps what was read for a few seconds, and lets all who ask meanwhile share one reading: ten screens on ten walls cost what one costs.
 * A reading that fails is not kept.
 */
export function keepAnswers<Answer>(read: (key: number) => Promise<Answer>, keepMs: number, keysMax: number) {
  const kept = new Map<number, { readonly sinceMs: number; readonly answer: Promise<Answer> }>()
  return (key: number): Promise<Answer> => {
    const nowMs = performance.now()
    const known = kept.get(key)
    if (known && nowMs - known.sinceMs < keepMs) return known.answer
    const answer = read(key)
    kept.delete(key)
    kept.set(key, { sinceMs: nowMs, answer })
    for (const old of kept.keys()) {
      if (kept.size <= keysMax) break
      kept.delete(old)
    }
    answer.catch(() => {
      if (kept.get(key)?.answer === answer) kept.delete(key)
    })
    return answer
  }
}
