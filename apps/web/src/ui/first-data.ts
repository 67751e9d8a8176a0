/**
 * Answers of the API that the server has put into the page for its first screen, by path. Each is used once: the second look at the same
 * thing asks the server.
 */
let kept: Record<string, unknown> | undefined

function load(): Record<string, unknown> {
  const text = document.getElementById('first-data')?.textContent
  if (!text) return {}
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? { ...data } : {}
  } catch {
    return {}
  }
}

export function takeFirstData(path: string): unknown {
  kept ??= load()
  const found = kept[path]
  delete kept[path]
  return found
}
