import { texts } from '../i18n/index.ts'

/** Texts of the map: [Chinese, English]. */
export const mapText = texts({
  title: ['各省待救', 'At risk by province'],
  help: [
    '颜色越亮，待救的越多。点一个省看它的个案。',
    'The brighter the colour, the more is at risk. Choose a province to see its cases.',
  ],
  tile: ['{name}：{n} 件，{weight}', '{name}: 1 case, {weight}|{name}: {n} cases, {weight}'],
  tileNone: ['{name}：没有在办的个案', '{name}: no open case'],
  late: ['{n} 件超时', '1 overdue|{n} overdue'],
  none: ['没有', 'none'],
  least: ['少', 'less'],
  most: ['多', 'more'],
  choose: ['点一个省', 'Choose a province'],
  chooseHelp: ['它的个案会按位置画在这里。', 'Its cases are drawn here by place.'],
  province: ['{name} · {n} 件', '{name} · 1 case|{name} · {n} cases'],
  toBoard: ['在看板里看', 'See on the board'],
  points: ['{name}的个案，按位置', 'Cases of {name} by place'],
  unplaced: ['没有位置的', 'Without a position'],
  placed: ['有位置的', 'With a position'],
  km: ['{n} 公里', '{n} km'],
  empty: ['这个省没有在办的个案', 'No open case in this province'],
  size: ['圆越大，斤数越多', 'The larger the circle, the greater the weight'],
  byProvince: ['按省看', 'By province'],
})
