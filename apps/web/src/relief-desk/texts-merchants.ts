import { texts } from '../i18n/index.ts'

/** Words of the page on which the desk looks at merchants' papers. */
export const merchantsText = texts({
  title: ['商家和证件', 'Merchants and papers'],
  help: [
    '证件没核验过的商家接不到派单。点开看原件，再说有没有效。',
    'A merchant gets no offers before its papers are checked. Open the original, then say whether it holds.',
  ],
  search: ['找商家', 'Find a merchant'],
  empty: ['没有这样的商家', 'No such merchant'],
  emptyHelp: ['商家自己在“我的派单”里建资料。', 'Merchants set up their own profile under "My offers".'],
  waiting: ['{n} 份待核验', '{n} to check|{n} to check'],
  missing: ['缺 {papers}', 'Lacks {papers}'],
  complete: ['证件齐全', 'Papers complete'],
  paused: ['暂停接单', 'Paused'],
  day: ['每天 {grams}', '{grams} a day'],
  noPapers: ['还没交证件', 'No papers yet'],
  noPicture: ['没有附照片', 'No picture'],
  picture: ['看{paper}原件', 'See the original: {paper}'],
  holds: ['有效', 'It holds'],
  refuse: ['不合格', 'It does not hold'],
  refuseTitle: ['哪里不合格？', 'What is wrong with it?'],
  refuseHint: ['商家会看到这句话', 'The merchant reads this'],
  reasonNeeded: ['请写明哪里不合格', 'Say what is wrong'],
  done: ['已记下', 'Noted'],
  by: ['{name} 核验', 'checked by {name}'],
})
