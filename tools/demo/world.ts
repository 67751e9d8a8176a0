import type { Grade } from '@chunbo/contract'
import type { ShapeName } from './draw/produce-shapes.ts'

/**
 * The demo world: the four counties of the report of March 2020 with their produce. Shops, people, stocks and prices are
 * made up and say so; places and produce are real.
 */
export interface DemoSku {
  readonly titleZh: string
  readonly titleEn: string
  readonly packZh: string
  readonly packEn: string
  readonly storyZh: string
  readonly storyEn: string
  readonly netG: number
  readonly priceFen: number
  readonly buyerLimit: number
  readonly stock: number
  /** Packs that demo buyers have bought already. */
  readonly sold: number
  readonly shape: ShapeName
}
export interface DemoLot {
  readonly produceSlug: string
  readonly township: string
  readonly village: string
  readonly farm: string
  readonly grade: Grade
  readonly grams: number
  /** Days from the start of the demo to the first and the last day of the harvest. */
  readonly harvestDays: readonly [from: number, to: number]
  readonly skus: readonly DemoSku[]
}
export interface DemoShop {
  readonly key: string
  readonly countyCode: number
  readonly nameZh: string
  readonly nameEn: string
  readonly aboutZh: string
  readonly aboutEn: string
  readonly lots: readonly DemoLot[]
}

export const JINGDONG = 530823
export const MAGUAN = 532625
export const CHENGBU = 430529
export const PINGSHUN = 140425

const jingdong: DemoShop = {
  key: 'jingdong',
  countyCode: JINGDONG,
  nameZh: '景东锦屏豌豆合作社（演示）',
  nameEn: 'Jinping Pea Cooperative, Jingdong (demo)',
  aboutZh: '无量山脚下的冬豌豆，清早摘、当天发。演示店铺，数据均为虚构。',
  aboutEn:
    'Winter peas from the foot of Mount Wuliang, picked at dawn and sent the same day. A demonstration shop; all data are made up.',
  lots: [
    {
      produceSlug: 'pea-pod',
      township: '锦屏镇',
      village: '斗阁村',
      farm: '斗阁豌豆基地',
      grade: 'first',
      grams: 70_000_000,
      harvestDays: [-12, 25],
      skus: [
        {
          titleZh: '景东带荚甜豌豆 清早现摘',
          titleEn: 'Jingdong sweet peas in the pod, picked at dawn',
          packZh: '5 斤装',
          packEn: '2.5 kg box',
          storyZh:
            '景东坝子冬天不冷，豌豆在霜后正甜的时候摘下。凌晨四点下地，上午预冷装箱，下午发车。\n剥开是饱满的豆粒，清炒、煮汤、蒸饭都好。收到请先放冰箱，三天内吃完口感好。',
          storyEn:
            'Winters are mild in the Jingdong basin, and the peas are picked when the first frost has made them sweet. In the field at four, cooled and boxed before noon, on the road in the afternoon.\nFry them, boil them, steam them with rice. Keep them in the fridge and eat them within three days.',
          netG: 2500,
          priceFen: 2990,
          buyerLimit: 10,
          stock: 8000,
          sold: 46,
          shape: 'peaPod',
        },
        {
          titleZh: '景东豌豆 家庭分享箱',
          titleEn: 'Jingdong peas, family box',
          packZh: '10 斤装',
          packEn: '5 kg box',
          storyZh: '同一块地的豌豆，装大一点的箱子，分给邻居和爸妈。',
          storyEn: 'The same field in a larger box, to share with the neighbours and your parents.',
          netG: 5000,
          priceFen: 5490,
          buyerLimit: 6,
          stock: 2400,
          sold: 17,
          shape: 'peaPod',
        },
      ],
    },
    {
      produceSlug: 'walnut',
      township: '文井镇',
      village: '清凉村',
      farm: '清凉核桃林',
      grade: 'first',
      grams: 6_000_000,
      harvestDays: [-70, -40],
      skus: [
        {
          titleZh: '无量山薄壳核桃 当年新果',
          titleEn: 'Thin-shelled walnuts of Mount Wuliang, new crop',
          packZh: '5 斤装',
          packEn: '2.5 kg bag',
          storyZh: '海拔两千米的核桃树，白露后打下来，晒足十天。手一捏就开。',
          storyEn:
            'From trees at two thousand metres, knocked down after White Dew and dried for ten days. They open in the hand.',
          netG: 2500,
          priceFen: 5900,
          buyerLimit: 10,
          stock: 900,
          sold: 12,
          shape: 'walnut',
        },
      ],
    },
    {
      produceSlug: 'tea',
      township: '花山镇',
      village: '芦山村',
      farm: '芦山茶园',
      grade: 'second',
      grams: 800_000,
      harvestDays: [-230, -200],
      skus: [
        {
          titleZh: '无量山晒青茶 春茶散装',
          titleEn: 'Sun-dried spring tea of Mount Wuliang',
          packZh: '250 克罐装',
          packEn: '250 g tin',
          storyZh: '老品种大叶茶，手工炒青，太阳晒干。耐泡，回甘。',
          storyEn: 'Old large-leaf bushes, pan-fired by hand and dried in the sun.',
          netG: 250,
          priceFen: 6800,
          buyerLimit: 20,
          stock: 600,
          sold: 9,
          shape: 'teaLeaf',
        },
      ],
    },
  ],
}

const maguan: DemoShop = {
  key: 'maguan',
  countyCode: MAGUAN,
  nameZh: '马关冰糖心木瓜园（演示）',
  nameEn: 'Maguan Sugar-heart Papaya Garden (demo)',
  aboutZh: '边境小城的冰糖心木瓜，树上熟到七成再采。演示店铺，数据均为虚构。',
  aboutEn:
    'Sugar-heart papaya from a town at the border, left on the tree until seven parts ripe. A demonstration shop; all data are made up.',
  lots: [
    {
      produceSlug: 'papaya',
      township: '坡脚镇',
      village: '小马固村',
      farm: '小马固木瓜园',
      grade: 'special',
      grams: 40_000_000,
      harvestDays: [-20, 40],
      skus: [
        {
          titleZh: '马关冰糖心木瓜 树上熟',
          titleEn: 'Maguan sugar-heart papaya, tree-ripened',
          packZh: '9 斤装 4-6 个',
          packEn: '4.5 kg, 4 to 6 fruits',
          storyZh: '河谷里昼夜温差大，糖分攒得住。收到后放两三天，皮转黄、捏着微软就可以吃。\n一勺下去，像吃冰糖。',
          storyEn:
            'Warm days and cool nights in the valley keep the sugar in. Leave them two or three days until the skin turns yellow and gives a little, then take a spoon.',
          netG: 4500,
          priceFen: 3980,
          buyerLimit: 8,
          stock: 5200,
          sold: 58,
          shape: 'papaya',
        },
        {
          titleZh: '冰糖心木瓜 尝鲜小箱',
          titleEn: 'Sugar-heart papaya, small box to try',
          packZh: '5 斤装 2-3 个',
          packEn: '2.5 kg, 2 to 3 fruits',
          storyZh: '第一次吃，先来一小箱。',
          storyEn: 'A small box for the first time.',
          netG: 2500,
          priceFen: 2580,
          buyerLimit: 8,
          stock: 3100,
          sold: 25,
          shape: 'papaya',
        },
      ],
    },
    {
      produceSlug: 'ginger',
      township: '仁和镇',
      village: '阿峨村',
      farm: '阿峨生姜地',
      grade: 'first',
      grams: 9_000_000,
      harvestDays: [-35, 20],
      skus: [
        {
          titleZh: '马关小黄姜 带泥现挖',
          titleEn: 'Maguan yellow ginger, freshly dug',
          packZh: '5 斤装',
          packEn: '2.5 kg bag',
          storyZh: '个头不大，姜味足。带泥发货，放阴凉处能存一个多月。',
          storyEn: 'Small and strong. Sent with the earth on; keeps for more than a month in a cool place.',
          netG: 2500,
          priceFen: 2680,
          buyerLimit: 10,
          stock: 1800,
          sold: 14,
          shape: 'ginger',
        },
      ],
    },
  ],
}

const chengbu: DemoShop = {
  key: 'chengbu',
  countyCode: CHENGBU,
  nameZh: '城步苗乡土货铺（演示）',
  nameEn: 'Chengbu Miao Village Store (demo)',
  aboutZh: '南山脚下苗乡的辣椒、竹笋和苗乡梨。演示店铺，数据均为虚构。',
  aboutEn:
    'Chillies, bamboo shoots and pears from the Miao villages below Nanshan. A demonstration shop; all data are made up.',
  lots: [
    {
      produceSlug: 'chili-sauce',
      township: '儒林镇',
      village: '大桥村',
      farm: '大桥辣酱坊',
      grade: 'ungraded',
      grams: 3_000_000,
      harvestDays: [-60, -30],
      skus: [
        {
          titleZh: '城步手工剁辣椒酱 两瓶装',
          titleEn: 'Chengbu hand-chopped chilli sauce, two jars',
          packZh: '210 克 × 2 瓶',
          packEn: '2 jars of 210 g',
          storyZh: '二荆条和小米辣一起剁，加盐和姜，瓦坛里放足一个月。县长直播时当场吃过，真辣。',
          storyEn:
            'Two kinds of chilli chopped together with salt and ginger, a month in an earthen jar. The county head ate it on camera. It is hot.',
          netG: 420,
          priceFen: 1990,
          buyerLimit: 20,
          stock: 2600,
          sold: 41,
          shape: 'chiliJar',
        },
      ],
    },
    {
      produceSlug: 'chili',
      township: '丹口镇',
      village: '仙鹅村',
      farm: '仙鹅辣椒地',
      grade: 'second',
      grams: 5_000_000,
      harvestDays: [-25, 10],
      skus: [
        {
          titleZh: '城步高山红辣椒 做酱用',
          titleEn: 'Chengbu mountain red chillies for sauce',
          packZh: '5 斤装',
          packEn: '2.5 kg box',
          storyZh: '高山上的末茬红椒，肉厚，适合做剁椒。',
          storyEn: 'The last picking from the mountain, thick-walled, good for chopping.',
          netG: 2500,
          priceFen: 3280,
          buyerLimit: 10,
          stock: 700,
          sold: 8,
          shape: 'chili',
        },
      ],
    },
    {
      produceSlug: 'bamboo-shoot',
      township: '白毛坪镇',
      village: '歌舞村',
      farm: '歌舞竹林',
      grade: 'first',
      grams: 2_500_000,
      harvestDays: [-8, 18],
      skus: [
        {
          titleZh: '苗乡冬笋 现挖带壳',
          titleEn: 'Winter bamboo shoots, freshly dug',
          packZh: '5 斤装',
          packEn: '2.5 kg box',
          storyZh: '霜降后的冬笋，脆嫩。带壳发货，更耐放。',
          storyEn: 'Dug after the first frost, crisp and tender, sent in the shell so that they keep.',
          netG: 2500,
          priceFen: 4580,
          buyerLimit: 6,
          stock: 380,
          sold: 6,
          shape: 'bambooShoot',
        },
      ],
    },
    {
      produceSlug: 'asian-pear',
      township: '西岩镇',
      village: '落麻村',
      farm: '落麻梨园',
      grade: 'first',
      grams: 8_000_000,
      harvestDays: [-90, -60],
      skus: [
        {
          titleZh: '城步苗乡梨 冷库保鲜',
          titleEn: 'Chengbu Miao village pears, from cold storage',
          packZh: '9 斤装',
          packEn: '4.5 kg box',
          storyZh: '秋天采的梨在冷库里存着，咬一口满嘴汁。',
          storyEn: 'Picked in autumn and kept cold. Full of juice.',
          netG: 4500,
          priceFen: 3680,
          buyerLimit: 8,
          stock: 1500,
          sold: 11,
          shape: 'pear',
        },
      ],
    },
  ],
}

const pingshun: DemoShop = {
  key: 'pingshun',
  countyCode: PINGSHUN,
  nameZh: '平顺太行药材与小米（演示）',
  nameEn: 'Pingshun Taihang Roots and Millet (demo)',
  aboutZh: '太行山上的潞党参、小米和土豆。演示店铺，数据均为虚构。',
  aboutEn: 'Codonopsis, millet and potatoes from the Taihang mountains. A demonstration shop; all data are made up.',
  lots: [
    {
      produceSlug: 'dangshen',
      township: '龙溪镇',
      village: '新城村',
      farm: '新城党参地',
      grade: 'first',
      grams: 1_200_000,
      harvestDays: [-55, -25],
      skus: [
        {
          titleZh: '平顺潞党参 三年生整枝',
          titleEn: 'Pingshun codonopsis root, three years old',
          packZh: '250 克袋装',
          packEn: '250 g bag',
          storyZh: '在山坡上长了三年，挖出后洗净、揉搓、晒干，反复三遍。炖鸡、煲汤放几根，汤清味甜。',
          storyEn:
            'Three years on the slope, then washed, rubbed and dried three times over. A few roots sweeten a chicken soup.',
          netG: 250,
          priceFen: 5980,
          buyerLimit: 20,
          stock: 1600,
          sold: 37,
          shape: 'dangshen',
        },
        {
          titleZh: '潞党参 炖汤家庭装',
          titleEn: 'Codonopsis root, family bag for soup',
          packZh: '500 克袋装',
          packEn: '500 g bag',
          storyZh: '同一批潞党参，装一斤，够喝一冬的汤。',
          storyEn: 'The same lot, a pound of it, soup for a winter.',
          netG: 500,
          priceFen: 10900,
          buyerLimit: 10,
          stock: 700,
          sold: 15,
          shape: 'dangshen',
        },
      ],
    },
    {
      produceSlug: 'millet',
      township: '石城镇',
      village: '岳家寨村',
      farm: '岳家寨旱地',
      grade: 'first',
      grams: 15_000_000,
      harvestDays: [-50, -30],
      skus: [
        {
          titleZh: '太行黄小米 石碾现磨',
          titleEn: 'Taihang yellow millet, stone-milled',
          packZh: '5 斤装',
          packEn: '2.5 kg bag',
          storyZh: '旱地小米，一年一季。熬十五分钟，米油厚厚一层。',
          storyEn: 'One crop a year on dry land. Fifteen minutes on the stove give a thick, golden porridge.',
          netG: 2500,
          priceFen: 3490,
          buyerLimit: 20,
          stock: 3600,
          sold: 29,
          shape: 'milletBowl',
        },
      ],
    },
    {
      produceSlug: 'potato',
      township: '苗庄镇',
      village: '杨威村',
      farm: '杨威坡地',
      grade: 'second',
      grams: 20_000_000,
      harvestDays: [-60, -35],
      skus: [
        {
          titleZh: '平顺山地土豆 粉糯',
          titleEn: 'Pingshun mountain potatoes, floury',
          packZh: '10 斤装',
          packEn: '5 kg box',
          storyZh: '坡地上的黄心土豆，蒸着吃就很香。',
          storyEn: 'Yellow-fleshed potatoes from the slope; just steam them.',
          netG: 5000,
          priceFen: 2390,
          buyerLimit: 10,
          stock: 2900,
          sold: 19,
          shape: 'potato',
        },
      ],
    },
  ],
}

export const DEMO_SHOPS: readonly DemoShop[] = [jingdong, maguan, chengbu, pingshun]

export interface DemoRoom {
  readonly countyCode: number
  readonly titleZh: string
  readonly titleEn: string
  readonly hostName: string
  readonly hostOffice: string
  readonly hostOfficeEn: string
  /** Hours from now to the start; null is the room that is on air. */
  readonly inHours: number | null
  readonly cover: ShapeName
  readonly look: 0 | 1 | 2
}

export const DEMO_ROOMS: readonly DemoRoom[] = [
  {
    countyCode: JINGDONG,
    titleZh: '景东豌豆等你来 县长清早下地',
    titleEn: 'Jingdong peas: the county head is in the field at dawn',
    hostName: '李文山',
    hostOffice: '副县长',
    hostOfficeEn: 'Deputy county head',
    inHours: null,
    cover: 'peaPod',
    look: 0,
  },
  {
    countyCode: MAGUAN,
    titleZh: '一勺像冰糖 马关木瓜今晚开吃',
    titleEn: 'Maguan papaya by the spoon, tonight',
    hostName: '陶秀英',
    hostOffice: '副县长',
    hostOfficeEn: 'Deputy county head',
    inHours: 5,
    cover: 'papaya',
    look: 1,
  },
  {
    countyCode: PINGSHUN,
    titleZh: '太行山上挖党参 平顺专场',
    titleEn: 'Digging codonopsis in the Taihang mountains',
    hostName: '申国强',
    hostOffice: '县长',
    hostOfficeEn: 'County head',
    inHours: 29,
    cover: 'dangshen',
    look: 2,
  },
  {
    countyCode: CHENGBU,
    titleZh: '城步辣椒现场吃 敢不敢来',
    titleEn: 'Chengbu chillies, eaten on camera',
    hostName: '杨美兰',
    hostOffice: '农户',
    hostOfficeEn: 'Farmer',
    inHours: 53,
    cover: 'chiliJar',
    look: 1,
  },
]
