/**
 * Writes apps/web/src/place-names/en.json: the names of all divisions spelled for English readers. Run by hand when
 * apps/server/data/divisions.csv changes: `node tools/spell-places.ts`. Spelling is Hanyu Pinyin (GB/T 16159) without
 * tones; provinces and a few cities have names of their own. A value is "Jingdong|Yi Autonomous County": what stands
 * before the bar is the short name.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pinyin } from 'pinyin-pro'

const SOURCE = fileURLToPath(new URL('../apps/server/data/divisions.csv', import.meta.url))
const TARGET = fileURLToPath(new URL('../apps/web/src/place-names/en.json', import.meta.url))

const OWN_NAMES: Readonly<Record<string, string>> = {
  内蒙古自治区: 'Inner Mongolia',
  广西壮族自治区: 'Guangxi',
  西藏自治区: 'Xizang',
  宁夏回族自治区: 'Ningxia',
  新疆维吾尔自治区: 'Xinjiang',
  陕西省: 'Shaanxi',
  香港特别行政区: 'Hong Kong',
  澳门特别行政区: 'Macao',
  台湾省: 'Taiwan',
  市辖区: 'Districts',
  县: 'Counties',
  省直辖县级行政区划: 'Counties under the province',
  自治区直辖县级行政区划: 'Counties under the region',
  呼和浩特市: 'Hohhot',
  乌鲁木齐市: 'Urumqi',
  拉萨市: 'Lhasa',
  哈尔滨市: 'Harbin',
  日喀则市: 'Xigaze',
  克拉玛依市: 'Karamay',
  吐鲁番市: 'Turpan',
}

const PEOPLES: Readonly<Record<string, string>> = {
  柯尔克孜: 'Kyrgyz',
  乌孜别克: 'Uzbek',
  维吾尔: 'Uyghur',
  哈萨克: 'Kazakh',
  达斡尔: 'Daur',
  鄂温克: 'Evenki',
  鄂伦春: 'Oroqen',
  塔吉克: 'Tajik',
  俄罗斯: 'Russian',
  布依: 'Bouyei',
  布朗: 'Blang',
  朝鲜: 'Korean',
  傈僳: 'Lisu',
  哈尼: 'Hani',
  拉祜: 'Lahu',
  纳西: 'Naxi',
  景颇: 'Jingpo',
  普米: 'Pumi',
  德昂: "De'ang",
  独龙: 'Derung',
  基诺: 'Jino',
  土家: 'Tujia',
  仡佬: 'Gelao',
  仫佬: 'Mulao',
  毛南: 'Maonan',
  撒拉: 'Salar',
  东乡: 'Dongxiang',
  裕固: 'Yugur',
  锡伯: 'Xibe',
  保安: 'Bonan',
  蒙古: 'Mongol',
  满: 'Manchu',
  回: 'Hui',
  苗: 'Miao',
  壮: 'Zhuang',
  瑶: 'Yao',
  彝: 'Yi',
  侗: 'Dong',
  水: 'Sui',
  羌: 'Qiang',
  藏: 'Tibetan',
  畲: 'She',
  黎: 'Li',
  京: 'Gin',
  土: 'Tu',
  白: 'Bai',
  傣: 'Dai',
  佤: 'Va',
  怒: 'Nu',
  各: 'Multi-ethnic',
}
const PEOPLE = new RegExp(`(${Object.keys(PEOPLES).join('|')})族`, 'g')
const AUTONOMOUS_PEOPLE = new RegExp(`(?:${Object.keys(PEOPLES).join('|')})$`)

/** Endings of Chinese names, longest first, and what follows the name in English. */
const ENDINGS: readonly (readonly [zh: string, en: string])[] = [
  ['自治县', 'Autonomous County'],
  ['自治州', 'Autonomous Prefecture'],
  ['自治旗', 'Autonomous Banner'],
  ['林区', 'Forestry District'],
  ['特区', 'Special District'],
  ['新区', 'New Area'],
  ['地区', 'Prefecture'],
  ['省', ''],
  ['市', ''],
  ['县', 'County'],
  ['区', 'District'],
  ['旗', 'Banner'],
  ['盟', 'League'],
]

/** "西安" -> "Xi'an", "景东" -> "Jingdong". */
function spell(name: string): string {
  const syllables = pinyin(name, { toneType: 'none', type: 'array' })
  const joined = syllables
    .map((syllable, index) => (index > 0 && /^[aoe]/.test(syllable) ? `'${syllable}` : syllable))
    .join('')
  return joined.charAt(0).toUpperCase() + joined.slice(1)
}

function spellPlace(name: string): string {
  const own = OWN_NAMES[name]
  if (own !== undefined) return own
  const [ending, english] = ENDINGS.find(([zh]) => name.endsWith(zh) && name.length > zh.length) ?? ['', '']
  let base = ending === '' ? name : name.slice(0, -ending.length)
  const peoples: string[] = []
  if (english.startsWith('Autonomous')) {
    const marked = [...base.matchAll(PEOPLE)].map((match) => match[1] ?? '')
    base = base.replace(PEOPLE, '')
    // "鄂伦春自治旗", "新疆…哈萨克自治州": the people without the word for it.
    const bare = marked.length === 0 ? AUTONOMOUS_PEOPLE.exec(base)?.[0] : undefined
    if (bare !== undefined) base = base.slice(0, -bare.length)
    for (const people of bare === undefined ? marked : [bare]) peoples.push(PEOPLES[people] ?? '')
  }
  // "东乡族自治县" is named after its people alone.
  const short = base === '' ? peoples.splice(0).join('-') : spell(base)
  const rest = [...peoples, english].filter((part) => part !== '').join(' ')
  return rest === '' ? short : `${short}|${rest}`
}

const lines = (await readFile(SOURCE, 'utf8')).trim().split('\n').slice(1)
const names = new Set(lines.map((line) => line.split(',')[2] ?? ''))
const spelled = Object.fromEntries(
  [...names]
    .filter((name) => name !== '')
    .sort()
    .map((name) => [name, spellPlace(name)]),
)
await writeFile(TARGET, `${JSON.stringify(spelled, null, 2)}\n`)
