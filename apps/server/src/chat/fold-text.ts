/**
 * Text as it is compared, not as it is shown: what looks the same to a reader is the same here. Those who must not say a thing spell it
 * with wide, circled, Greek or Cyrillic letters, with marks above, or with invisible characters in between.
 */

/** Letters of other scripts that look like Latin ones, after lower-casing. Compatibility forms (wide, circled, bold) fall to NFKC. */
const LOOK_ALIKE: Readonly<Record<string, string>> = {
  ...pair('аеорсхуіѕԁһјӏмнтквгԛԝьзп', 'aeopcxyisdhjlmhtkbrqwb3n'),
  ...pair('αβγδεζηικνορτυχω', 'abydeznikvoptuxw'),
  ...pair('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghijklmnoprstuvwyz'),
  ...pair('ıłøđßæœþ', 'ilodbaop'),
}
const ENCLOSED_A = [0x1f130, 0x1f150, 0x1f170, 0x1f1e6]
/** Circled digits that have no compatibility form: each block is 1 to 10. */
const CIRCLED_ONE = [0x2776, 0x2780, 0x278a]

function pair(from: string, to: string): Record<string, string> {
  const letters = [...to]
  return Object.fromEntries([...from].map((letter, index) => [letter, letters[index] ?? '']))
}

/** A digit of whatever script as 0 to 9; a letter in a box or a flag as the letter; else the character itself. */
function plain(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x80) return char
  const known = LOOK_ALIKE[char]
  if (known !== undefined) return known
  for (const first of ENCLOSED_A) if (code >= first && code < first + 26) return String.fromCharCode(97 + code - first)
  for (const first of CIRCLED_ONE) if (code >= first && code < first + 10) return String(code - first + 1)
  if (/\p{Nd}/u.test(char)) return String(digitOf(code))
  return char
}

/** Decimal digits stand in runs of ten in every script, the zero first. */
function digitOf(code: number): number {
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  // Some scripts follow right after another; their zeros are ten apart.
  return value % 10
}

/** Lower case, composed, without marks and invisible characters, look-alikes replaced. White space and punctuation stay. */
export function foldText(text: string): string {
  const bare = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
  let folded = ''
  for (const char of bare) folded += plain(char)
  return folded
}

/** Single letters with anything but letters between them, drawn together: "f u.c k" is meant as a word. Takes folded text. */
export function joinSpelt(folded: string): string {
  return folded.replace(/(?<![a-z0-9])[a-z](?:[^\p{L}\p{N}]+[a-z](?![a-z0-9]))+/gu, (spelt) =>
    spelt.replace(/[^a-z]+/g, ''),
  )
}
