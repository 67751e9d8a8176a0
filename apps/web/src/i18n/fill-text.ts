/**
 * Fills "{name}" in a text. A text "one item|{n} items" is split at the bar: the first part is for n = 1, the second for
 * everything else; Chinese has no bar. A missing parameter stays visible, so that a test or a reader sees it.
 */
export function fillText(text: string, params?: Record<string, string | number>): string {
  if (params === undefined) return text
  const [one = '', many] = text.split('|')
  const chosen = many === undefined ? text : params.n === 1 ? one : many
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}
