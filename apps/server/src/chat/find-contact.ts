/**
 * Phone numbers, accounts of other services and links, however they are written: trade outside of the shop is how buyers are cheated. Takes
 * text that foldText has folded. It would rather let a clever one through than refuse a question about weight and price.
 */
export type Contact = 'phone' | 'account' | 'link'

export function findContact(folded: string): Contact | null {
  if (hasLink(folded)) return 'link'
  if (hasAccount(folded)) return 'account'
  if (hasPhone(folded)) return 'phone'
  return null
}

// ---- phone numbers

const NUMERALS = new Map<string, string>(
  ['0〇零○洞', '1一壹幺弌', '2二贰贰两', '3三叁叄', '4四肆', '5五伍', '6六陆', '7七柒拐', '8八捌', '9九玖勾'].flatMap(
    ([digit = '', ...others]) => [digit, ...others].map((each): [string, string] => [each, digit]),
  ),
)
/** Letters that stand for digits only among digits. */
const LETTERS_AS_DIGITS = new Map([
  ['o', '0'],
  ['l', '1'],
  ['i', '1'],
  ['|', '1'],
])
/** After a number these make it an amount, so that "13斤8块" is no number of eleven digits. */
const UNITS = new Set('斤块元个箱号点分毛角份包件公克千万百十年月日天折kgm%')
const GAP_MAX = 3

/** Prices such as 9.9 and 19.90: several of them in a row are a list of prices. */
const DECIMALS = /(?<![\d.])\d{1,4}\.\d{1,2}(?![\d.])/g

function hasPhone(folded: string): boolean {
  const text = (folded.match(DECIMALS)?.length ?? 0) >= 2 ? folded.replace(DECIMALS, '元') : folded
  return digitRuns(text).some(isNumber)
}

function isNumber(digits: string): boolean {
  if (digits.length >= 15) return true
  return /1[3-9]\d{9}/.test(digits) || /^0[1-9]\d{8,10}$/.test(digits) || /^[48]00\d{7}$/.test(digits)
}

/** Digits that a reader puts together: nothing, signs, or one character that is no unit may stand between two of them. */
function digitRuns(text: string): string[] {
  const runs: string[] = []
  let run = ''
  let gap = ''
  for (const char of text) {
    const digit = NUMERALS.get(char) ?? (run === '' ? undefined : LETTERS_AS_DIGITS.get(char))
    if (digit !== undefined) {
      run += digit
      gap = ''
      continue
    }
    gap += char
    if (run !== '' && !breaksRun(gap)) continue
    if (run !== '') runs.push(run)
    run = ''
    gap = ''
  }
  return run === '' ? runs : [...runs, run]
}

function breaksRun(gap: string): boolean {
  const letters = [...gap].filter((char) => /[\p{L}\p{N}%]/u.test(char))
  return letters.length > 1 || letters.some((char) => UNITS.has(char)) || [...gap].length > GAP_MAX
}

// ---- accounts

const CHAT_APP =
  '(?:微信|威信|薇信|维信|徽信|葳信|微x|薇x|v信|v我|绿泡泡|weixin|wechat|(?<![a-z])[wv]x|扣扣|企鹅|抖音|快手|(?<![a-z])qq|whatsapp|telegram)'
const ACCOUNT = new RegExp(
  `${CHAT_APP}(?:账号|同号|联系|号码|搜索|搜|号|id|是|群|码|[^\\p{L}\\p{N}])*(?!pay)(?:[a-z][a-z0-9_-]{4,19}|\\d{5,12})(?![a-z0-9])`,
  'u',
)
/** "Add me on": at the end of a clause, so that 加微辣 and 加维生素 stay what they are. */
const ADD_ME =
  /加(?:我|个|一下|下|你|主播|老板|客服)*(?:微信|威信|薇信|v信|扣扣|企鹅|好友|群|(?:微|薇|v|vx|wx|q|qq)(?![\p{L}\p{N}]))/u
const LONE_LETTER = /(?<![a-z0-9])[vq](?:[号信]|[^\p{L}\p{N}])+(?:[a-z][a-z0-9_-]{5,19}|\d{6,12})(?![a-z0-9])/u

function hasAccount(folded: string): boolean {
  const tight = folded.replace(/\s+/g, '')
  return ACCOUNT.test(tight) || ACCOUNT.test(folded) || ADD_ME.test(tight) || LONE_LETTER.test(folded)
}

// ---- links

const SURE_ENDINGS = '(?:com|cn|net|org|top|xyz|vip|cc)'
const ENDINGS = '(?:shop|info|site|club|store|online|link|app|live|tv|icu|wang|ltd|me|io|ly|co|im|hk|tw)'
const PLAIN_LINK = new RegExp(
  `https?:|(?<![a-z])www[.]|(?<![a-z0-9])[a-z0-9-]*[a-z-][a-z0-9-]*\\.(?:${SURE_ENDINGS}(?![a-z0-9])|${ENDINGS}(?:/|$|[^\\p{L}\\p{N}.]))`,
  'u',
)
/** The dot as a word or as another sign, spaces around it. */
const DOT = /\s*(?:[.。．｡·•‧∙・]|点|點|(?<![a-z])dot(?![a-z]))\s*/gu
const SPELT_LINK = new RegExp(`(?<![a-z0-9])[a-z0-9-]*[a-z][a-z0-9-]*\\.${SURE_ENDINGS}(?![a-z0-9])`)
const IP = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/
const EMAIL = /[a-z0-9._-]{2,}\s?@\s?[a-z0-9]/
/** A code that another shop's app turns into a link when it is copied. */
const COPY_CODE = /[¥$€₤₴₳¢₰£][a-z0-9]{8,14}[¥$€₤₴₳¢₰£]/

function hasLink(folded: string): boolean {
  const dotted = folded.replace(DOT, '.')
  return (
    PLAIN_LINK.test(folded) ||
    SPELT_LINK.test(dotted) ||
    IP.test(folded) ||
    EMAIL.test(folded) ||
    COPY_CODE.test(folded)
  )
}
