import { texts } from '../i18n/index.ts'

/** Words of the desk's form for callers and of the upload of files. */
export const t = texts({
  title: ['代报滞销', 'Report for others'],
  call: ['接电话', 'A call'],
  file: ['传文件', 'A file'],
  caller: ['来电人', 'Caller'],
  produce: ['什么东西', 'Produce'],
  own: ['清单里没有，写名字', 'Not in the list: its name'],
  notListed: ['（不在清单里）', '(not in the list)'],
  take: ['记下来', 'Take it down'],
  taken: ['已记下，个案 {id} 号', 'Taken down as case {id}'],
  tellLink: ['短信会发到来电人手机。也可以念给对方：', 'A text message goes to the caller. The link is:'],
  nextCall: ['接下一个', 'Next call'],
  seeCase: ['看个案', 'See the case'],
  fileHelp: [
    '一行一条上报，最多 500 行，UTF-8 或 GB 18030 都行。每行要么收下，要么说明原因；改好后整个文件再传一次，已收下的不会重复。',
    'One report a line, at most 500 lines, in UTF-8 or GB 18030. Each line is taken or refused with its reason; mend the file and send all of it again, nothing is doubled.',
  ],
  columns: ['表头（有 * 的必填）', 'Columns (those with * are needed)'],
  template: ['下载模板', 'Download a template'],
  sender: ['来自（单位，选填）', 'From (office, optional)'],
  senderHint: ['同一单位的编号不会重复收', 'Keys of one office are taken once'],
  choose: ['选择 CSV 文件', 'Choose a CSV file'],
  sending: ['正在处理 {name}…', 'Working on {name}…'],
  result: [
    '收下 {opened} 条，之前收过 {replayed} 条，没收 {refused} 条',
    '{opened} taken, {replayed} taken before, {refused} refused',
  ],
  line: ['第 {n} 行', 'Line {n}'],
  lineTaken: ['已收下', 'Taken'],
  lineBefore: ['之前收过', 'Taken before'],
})
