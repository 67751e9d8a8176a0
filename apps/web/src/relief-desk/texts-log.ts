import { locale, type Pair } from '../i18n/index.ts'

/** What the log says happened, by the word that is written down. */
const KINDS: Readonly<Record<string, Pair>> = {
  reported: ['收到上报', 'Reported'],
  verified: ['核实', 'Verified'],
  rejected: ['驳回', 'Rejected'],
  reopened: ['重新打开', 'Reopened'],
  closed: ['结束', 'Closed'],
  expired: ['过期', 'Expired'],
  assigned: ['换负责人', 'Owner changed'],
  edited: ['修改', 'Edited'],
  escalated: ['超时催办', 'Escalated'],
  contact_seen: ['看了联系方式', 'Looked at a contact'],
  merged: ['并入另一件', 'Merged into another case'],
  took_in: ['并进一件', 'Took in another case'],
  split: ['拆出来', 'Split off'],
  gave_back: ['拆出去一条上报', 'Gave a report back'],
  duplicate_dismissed: ['不是同一件', 'Not the same as another'],
  offered: ['派给商家', 'Offered to merchants'],
  offer_accepted: ['商家接单', 'A merchant accepted'],
  offer_declined: ['商家谢绝', 'A merchant declined'],
  offer_expired: ['商家没有答复', 'An offer ran out'],
  offer_overruled: ['人工派单', 'Offered by a person’s choice'],
  nobody_left: ['没有合适的商家了', 'No merchant left to ask'],
  inspection_started: ['开始验货', 'Inspection began'],
  inspection_signed: ['验货签字', 'Inspection signed'],
  inspection_left: ['放下验货', 'Inspection given up'],
  shelved: ['商品上了新直播间的货架', 'The goods went onto the shelf of a new room'],
  task_done: ['备货事项办好', 'A task was done'],
  document_added: ['加了文件', 'Document added'],
  document_removed: ['删了文件', 'Document removed'],
  freight_set: ['定了运费', 'Freight set'],
  listed: ['上架', 'On sale'],
  selling: ['开卖', 'Selling'],
}

/** A kind in words; one that is newer than this page reads as it was written down. */
export function kindText(kind: string): string {
  const pair = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  return pair?.[locale.value === 'zh' ? 0 : 1] ?? kind.replaceAll('_', ' ')
}
