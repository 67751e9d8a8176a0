import type { QuestionIntent } from '@chunbo/contract'
import { foldText } from './fold-text.ts'

/** What a line asks; null when it asks nothing. */
export interface Asked {
  readonly intent: QuestionIntent
  /** What tells it from others of the intent: where to, or which taste. */
  readonly detail: string
}

const PROVINCES =
  /北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门/g

const PLACES = `(?:${PROVINCES.source})`

/** The first that fits says what a question is about; what is named more clearly comes first. */
const INTENTS: readonly (readonly [QuestionIntent, RegExp])[] = [
  [
    'after_sales',
    /退|换货|包换|赔|坏了|坏果|坏的|坏掉|烂|售后|破损|压坏|理赔|refund|return|broken|damaged|rotten|after.?sales|compensat/,
  ],
  [
    'keeping',
    /保质期|放多久|放几天|放得住|能放|耐放|怎么放|保存|储存|存放|冷藏|冰箱|冷冻|shelf life|how long.{0,14}(keep|last|store)|\bstor(e|ing) (it|them)|fridge|refrigerat|best before|expir/,
  ],
  [
    'shipping_cost',
    new RegExp(
      `邮费|运费|包邮|邮资|快递费|免邮|偏远|什么快递|哪家快递|哪个快递|发(?:什么|哪家|哪个)快递|(?:发|寄|送|配送)(?:得)?到?${PLACES}|${PLACES}.{0,3}(?:能|可以|可)?(?:发|寄|送)(?!.{0,3}(?:几天|多久))|shipping (?:fee|cost|charge)|free shipping|postage|delivery (?:fee|cost|charge)|how much.{0,14}(?:shipping|postage|delivery)|ship to|deliver to`,
    ),
  ],
  [
    'delivery_time',
    /(什么时候|啥时候|几时|多久|几天|哪天|何时|今天|明天|当天).{0,6}(发|到|寄|送|收|出货)|(发货|到货|送到|寄出|配送|收货|物流).{0,5}(时间|多久|几天|什么时候|快|慢)|几天.{0,3}(到|收)|多久.{0,3}(到|收)|发货(了)?(没|吗)|when.{0,30}(ship|arriv|deliver|get|receiv|sent)|how (long|soon|fast|many days).{0,30}(ship|deliver|arriv|take|get)|delivery time/,
  ],
  [
    'stock',
    /还有(货|吗|没|多少|几|么)|有货|没货|卖完|售罄|抢完|库存|补货|断货|还能(买|拍|下单)|剩(多少|几|下)|没有了(吗|么)|in stock|sold out|any left|how many.{0,10}left|restock|still available/,
  ],
  [
    'origin',
    /哪里(产|的|来|人|种|发)|哪儿(产|的|来|种|发)|哪产|产地|原产|什么地方|哪个(地方|省|县|市|村)|本地的?(吗|么|不)|是不是.{0,4}[本当]地|当地的?(吗|么)|where.{0,24}(from|grown|grow|come|made|origin)|origin/,
  ],
  [
    'use',
    /(怎么|怎样|如何|咋)(吃|做|煮|炖|炒|泡|煲|用|喝|剥|切|洗|蒸)|吃法|做法|(能|可以)(生吃|直接吃|煲汤|泡水|泡茶|炖汤|做)|how.{0,14}(eat|cook|use|prepare|make|drink|peel)|recipe/,
  ],
  [
    'weight',
    /几斤|多少斤|多重|多少克|几两|净重|毛重|重量|斤数|足斤|分量|多少公斤|几公斤|多大|大小|规格|how heavy|weigh|how many (kg|kilo|gram|jin)|net weight|how big|what size/,
  ],
  ['count', /(几|多少)(个|颗|只|根|朵|粒|条|头|枚)|how many.{0,20}(box|bag|pack|piece|pcs|\bin\b)/],
  [
    'price',
    /多少钱|几块|几元|几毛|价格|什么价|啥价|价钱|怎么卖|咋卖|多少(一斤|米|元)|优惠|便宜|打折|折扣|满减|券|活动价|贵不贵|how much (is|are|does|do|for)|how much$|how much\?|price|cost|discount|cheaper|coupon/,
  ],
  [
    'taste',
    /甜|酸|辣|脆|涩|苦|糯|软|硬|新鲜|好吃|口感|味道|水分|多汁|香不香|香吗|老不老|嫩|sweet|sour|spicy|\bhot\b|crisp|crunchy|bitter|juicy|taste|tasty|fresh|delicious|\bsoft\b/,
  ],
]

const TASTES: readonly (readonly [string, RegExp])[] = [
  ['sweet', /甜|sweet/],
  ['sour', /酸|sour/],
  ['spicy', /辣|spicy|\bhot\b/],
  ['crisp', /脆|crisp|crunchy/],
  ['bitter', /苦|涩|bitter/],
  ['fresh', /新鲜|fresh/],
  ['soft', /软|硬|糯|面|soft/],
  ['tender', /嫩|老不老/],
  ['juicy', /水分|多汁|juicy/],
]

/** Marks of a question that hold with a known intent. */
const MARKED =
  /[?？]|多少|怎么|怎样|如何|什么|啥|哪|几[个斤天箱块元颗只时两公根]|多[久重大]|谁|为什么|咋|能不能|是不是|有没有|可不可以|会不会|([\p{sc=Han}])[不没]\1|求|[吗么呢不没否](?:[^\p{L}\p{N}]|$)|有货$/u
/** A question without a known intent has to be plain, or every "好的呢" would stand in the list. */
const PLAIN =
  /[?？]$|吗|怎么|怎样|如何|什么|哪[里个家种儿]|谁|为什么|为啥|能不能|是不是|有没有|可不可以|会不会|([\p{sc=Han}])[不没]\1/u
const ENGLISH =
  /^(?:so |and |hi |hello |hey |please |but )*(who|what|when|where|why|how|which|do|does|did|is|are|can|could|will|would|should|may|have|has|any)\b/
/** Asked by a single word. */
const BARE =
  /^(?:请问|主播|老板)*(?:邮费|运费|价格|产地|保质期|重量|规格|净重|库存|售后|多少|price|shipping|origin|weight)(?:呀|啊|哦)?$/

/** Other questions shorter than this say nothing: "吗？", "什么". */
const OTHER_CHARS_MIN = 4

/** Recognises a question in a line of chat, in Chinese and English. */
export function recogniseQuestion(text: string): Asked | null {
  const folded = foldText(text).replace(/\s+/g, ' ').trim()
  const tight = folded.replace(/[^\p{L}\p{N}]+/gu, '')
  const isEnglish = ENGLISH.test(folded)
  const found = INTENTS.find(([, pattern]) => pattern.test(folded))
  if (found !== undefined) {
    const isAsked = MARKED.test(folded) || isEnglish || BARE.test(tight)
    return isAsked ? { intent: found[0], detail: detailOf(found[0], folded) } : null
  }
  const isAsked = PLAIN.test(folded) || (isEnglish && /[?？]/.test(folded))
  return isAsked && [...tight].length >= OTHER_CHARS_MIN ? { intent: 'other', detail: '' } : null
}

function detailOf(intent: QuestionIntent, folded: string): string {
  if (intent === 'shipping_cost' || intent === 'delivery_time')
    return [...new Set(folded.match(PROVINCES))].sort().slice(0, 3).join(' ')
  if (intent !== 'taste') return ''
  return TASTES.find(([, pattern]) => pattern.test(folded))?.[0] ?? ''
}

/** What stands around a question without being part of it. */
const FILLERS =
  /主播|老板|请问|麻烦|你好|您好|大家|问一下|问下|想问|一下|这个|那个|这款|那款|[啊呀吧呢吗嘛么的了哦噢呗哈]|\b(?:please|hi|hello|the|a|an|is|are|it|this|that)\b/g

/** Pairs of neighbouring characters of what is really asked; a single character stands for itself. */
export function pairsOf(text: string): ReadonlySet<string> {
  const folded = foldText(text)
  const bare = folded.replace(FILLERS, '').replace(/[^\p{L}\p{N}]+/gu, '')
  const chars = [...(bare === '' ? folded.replace(/[^\p{L}\p{N}]+/gu, '') : bare)]
  if (chars.length < 2) return new Set(chars)
  return new Set(chars.slice(1).map((char, index) => `${chars[index]}${char}`))
}

/** How alike two questions are, 0 to 1: Dice's coefficient of their pairs. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0
  let both = 0
  for (const pair of one) if (other.has(pair)) both += 1
  return (2 * both) / (one.size + other.size)
}
