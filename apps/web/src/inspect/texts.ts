import { texts } from '../i18n/index.ts'

/** Words that the app, the desk's panel and the certificate share. */
export const t = texts({
  title: ['验货', 'Inspection'],
  none: ['还没有人验货', 'Nobody has inspected this yet'],
  draft: ['验货中', 'In progress'],
  dropped: ['已放弃', 'Dropped'],
  signed: ['已签字', 'Signed'],
  passed: ['合格', 'Passed'],
  failed: ['不合格', 'Failed'],
  by: ['{name} 验货', 'Inspected by {name}'],
  samples: ['抽样', 'Samples'],
  sample: ['第 {n} 处', 'Sample {n}'],
  sugar: ['糖度', 'Sugar'],
  size: ['大小', 'Size'],
  defects: ['缺陷', 'Defects'],
  serious: ['严重缺陷', 'Serious defects'],
  residue: ['农残', 'Residue'],
  residueNegative: ['农残速测：阴性', 'Residue card: negative'],
  residuePositive: ['农残速测：阳性', 'Residue card: positive'],
  residueNot: ['没做农残速测', 'Residue not tested'],
  pieces: ['看了 {n} 个', '{n} pieces looked at'],
  photos: ['照片', 'Photos'],
  photoWaits: ['有 {n} 张照片还在路上', '{n} photo is still on its way|{n} photos are still on their way'],
  signatures: ['签名', 'Signatures'],
  inspector: ['验货员', 'Inspector'],
  farmer: ['农户', 'Farmer'],
  certificate: ['合格证 {number}', 'Certificate {number}'],
  corrects: ['更正前一次验货', 'Puts an earlier inspection right'],
  corrected: ['已被更正', 'Put right by a later one'],
  stale: [
    '签字到达时个案已到「{stage}」，这次验货没有推动它',
    'When this was sent in, the case was already at “{stage}”; it has moved nothing',
  ],
  apply: ['现在按它走', 'Apply it now'],
  leave: ['就这样留着', 'Leave it so'],
  conflicts: ['{n} 处有两种说法', '{n} field has two values|{n} fields have two values'],
  late: [
    '签字之外还有 {n} 处不同的记录',
    '{n} other value besides what was signed|{n} other values besides what was signed',
  ],
  noValue: ['空', 'empty'],
  waitsForInspector: ['等验货员开始', 'Waiting for an inspector to begin'],
})

export const gradeWords = texts({
  special: ['特级', 'Extra class'],
  first: ['一级', 'Class I'],
  second: ['二级', 'Class II'],
  ungraded: ['统货', 'Ungraded'],
  fail: ['不合格', 'Fail'],
})

export const defectWords = texts({
  rot: ['腐烂', 'Rot'],
  mould: ['发霉', 'Mould'],
  foreign: ['杂质', 'Foreign matter'],
  pest: ['虫害', 'Pest damage'],
  bruise: ['碰压伤', 'Bruises'],
  blemish: ['皮面斑疤', 'Blemishes'],
  shape: ['畸形', 'Bad shape'],
  wilt: ['萎蔫', 'Wilting'],
  sprout: ['发芽', 'Sprouting'],
  broken: ['破碎', 'Broken'],
})

export const stageWords = texts({
  reported: ['已报告', 'Reported'],
  verified: ['已核实', 'Verified'],
  offered: ['已派单', 'Offered'],
  accepted: ['已接单', 'Accepted'],
  inspecting: ['验货中', 'Inspecting'],
  coordinating: ['备货中', 'Coordinating'],
  listed: ['已上架', 'Listed'],
  selling: ['在售', 'Selling'],
  closed: ['已结束', 'Closed'],
  rejected: ['已驳回', 'Rejected'],
  expired: ['已过期', 'Expired'],
  merged: ['已合并', 'Merged'],
})
