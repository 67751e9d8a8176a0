/**
 * How a lucky bag is drawn, as anybody can do it again. The seed is 64 hexadecimal digits that the server chose by chance before the first entry;
 * its SHA-256 is shown from the beginning, so it cannot be changed afterwards. Each entrant has a secret ticket and stands in the list
 * by the SHA-256 of it. Whose SHA-256 of "<seed>:<entrant>" is smallest wins the first prize, the next one the second, and so on:
 *
 *     printf '%s:%s' "$seed" "$entrant" | sha256sum
 *
 * All texts are ASCII, all hashes 64 lower-case hexadecimal digits, compared as text. The order of the list changes nothing.
 */
export const DRAW_ALGORITHM = 'chunbo-draw-1'

/** SHA-256 of a text in UTF-8, as lower-case hexadecimal digits; the browser's needs a wait, Node's does not. */
export type Sha256Hex = (text: string) => string | Promise<string>

/** The winners among these entrants, first prize first; all of them when there are no more than prizes. */
export async function drawWinners(
  seed: string,
  entrants: readonly string[],
  prizes: number,
  sha256: Sha256Hex,
): Promise<string[]> {
  const drawn = await Promise.all(
    entrants.map(async (entrant) => ({ entrant, key: await sha256(`${seed}:${entrant}`) })),
  )
  drawn.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return drawn.slice(0, prizes).map(({ entrant }) => entrant)
}
