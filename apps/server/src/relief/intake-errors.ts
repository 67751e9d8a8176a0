import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const intakeErrors = {
  'relief.unit_no_mass': {
    status: 422,
    zh: '“{unit}”不是重量单位，一{unit}有多有少；请估一下大约多少吨（1 吨 = 2000 斤）',
    en: '"{unit}" is no weight; please say about how many tonnes it is',
  },
  'relief.unit_unknown': {
    status: 422,
    zh: '不认识单位“{unit}”，请用斤、公斤、吨、万斤或亩',
    en: 'The unit "{unit}" is not known; use jin, kg, tonnes or mu',
  },
  'relief.amount_unreadable': {
    status: 422,
    zh: '数量要填大于零的数字，最多三位小数，例如 3.5',
    en: 'The amount must be a number above zero with at most three decimal places, such as 3.5',
  },
  'relief.too_little': { status: 422, zh: '数量太少，不到 1 克', en: 'That is less than one gram' },
  'relief.too_much': {
    status: 422,
    zh: '数量超过 100 万吨，请检查数字和单位',
    en: 'That is more than a million tonnes; check the number and the unit',
  },
  'relief.yield_needed': {
    status: 422,
    zh: '按面积报数量时，请再填每{unit}大约产多少',
    en: 'When you say how much land, also say what one {unit} yields',
  },
  'relief.yield_unreadable': {
    status: 422,
    zh: '产量要用重量来说，例如每亩 3000 斤',
    en: 'The yield must be a weight, such as 1500 kg',
  },
  'relief.produce_needed': { status: 422, zh: '请说明是什么农产品', en: 'Say what kind of produce it is' },
  'relief.produce_unknown': {
    status: 422,
    zh: '没有这种农产品的编号，请从列表里选或直接写名字',
    en: 'This kind of produce is not in the list; pick another or write its name',
  },
  'relief.place_unknown': {
    status: 422,
    zh: '请选择具体的县（市、区）',
    en: 'Choose the county where the produce is',
  },
  'relief.place_outside': {
    status: 422,
    zh: '定位的地点不在中国的陆地上；请重新定位，或去掉定位只选县',
    en: 'The location is not on land in China; locate again, or leave it out and choose the county only',
  },
  'relief.harvest_order': {
    status: 422,
    zh: '采收结束的日子早于开始的日子，或相隔超过 400 天',
    en: 'The harvest ends before it begins, or lasts more than 400 days',
  },
  'relief.harvest_over': {
    status: 422,
    zh: '采收期在 {harvestTo} 已经结束；如果已经采下来了，请填采摘的日子',
    en: 'The harvest ended on {harvestTo}; if it has been picked, say on which day',
  },
  'relief.harvest_too_far': {
    status: 422,
    zh: '日期离今天超过 400 天，请检查',
    en: 'The day is more than 400 days from today; check it',
  },
  'relief.picked_in_future': { status: 422, zh: '采摘的日子还没有到', en: 'The day of picking has not come yet' },
  'relief.phone_invalid': {
    status: 422,
    zh: '电话号码不对，请填手机号，或带区号的座机号',
    en: 'This is no phone number; give a mobile number, or a landline with its area code',
  },
  'relief.phone_limit': {
    status: 429,
    zh: '这个电话今天已经报过 {max} 次；请打开收到的链接查看，或打电话给助农专线',
    en: 'This phone has reported {max} times today; use the links you have received, or call the relief desk',
  },
  'relief.picture_gone': {
    status: 409,
    zh: '有照片已经失效，请重新上传',
    en: 'A picture is no longer there; upload it again',
  },
  'relief.uploads_full': {
    status: 503,
    zh: '现在上传照片的人太多；可以先不带照片上报',
    en: 'Too many pictures are waiting; send the report without pictures',
  },
  'relief.track_not_found': {
    status: 404,
    zh: '没有这个上报，请检查链接是否完整',
    en: 'There is no such report; check that the link is whole',
  },
  'relief.alert_not_found': { status: 404, zh: '没有这条上报', en: 'There is no such alert' },
  'relief.no_contact': { status: 404, zh: '这条上报没有留联系方式', en: 'This alert came without a contact' },
  'relief.merge_itself': { status: 422, zh: '个案不能与自己合并', en: 'A case cannot be merged into itself' },
  'relief.merge_into_ended': {
    status: 409,
    zh: '要并入的个案已经结束或已被合并',
    en: 'The case to merge into has ended or was merged itself',
  },
  'relief.alert_not_merged': {
    status: 409,
    zh: '这条上报没有被合并过来，不能拆出',
    en: 'This alert did not come by a merge, so it cannot be split off',
  },
  'relief.duplicate_not_found': { status: 404, zh: '没有这条疑似重复', en: 'There is no such proposal' },
  'relief.media_unsigned': {
    status: 401,
    zh: '缺少密钥、时间戳或签名，或者不正确',
    en: 'The key, the timestamp or the signature is missing or wrong',
  },
  'relief.media_stale': {
    status: 401,
    zh: '时间戳与服务器相差超过 {minutes} 分钟',
    en: 'The timestamp is more than {minutes} minutes from the time of this server',
  },
  'relief.media_sender_taken': {
    status: 409,
    zh: '已有同名的来源，请先停用它',
    en: 'There is a sender of this name; revoke it first',
  },
  'relief.media_sender_not_found': { status: 404, zh: '没有这个来源', en: 'There is no such sender' },
  'relief.csv_needed': {
    status: 415,
    zh: '请上传 CSV 文件（Content-Type: text/csv）',
    en: 'Send a CSV file (Content-Type: text/csv)',
  },
  'relief.csv_header': {
    status: 422,
    zh: '表头缺少这些列：{missing}',
    en: 'The header lacks these columns: {missing}',
  },
  'relief.csv_too_many_rows': { status: 422, zh: '一次最多 {max} 行', en: 'At most {max} rows at once' },
  'relief.csv_fields': {
    status: 422,
    zh: '这一行有 {found} 列，表头有 {wanted} 列；请检查逗号和引号',
    en: 'This line has {found} fields and the header {wanted}; check commas and quotes',
  },
  'relief.csv_value': {
    status: 422,
    zh: '“{column}”这一列的内容无法读懂：{value}',
    en: 'The value of the column "{column}" cannot be read: {value}',
  },
} satisfies ErrorTable
registerErrors(intakeErrors)
