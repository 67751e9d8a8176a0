import type { ReliefStage } from '@chunbo/contract/relief'
import { texts } from '../i18n/index.ts'

/** Names of the stages, and what each waits for: [Chinese, English]. */
export const stageText: (key: ReliefStage) => string = texts({
  reported: ['待核实', 'To verify'],
  verified: ['待找商家', 'To match'],
  offered: ['等商家答复', 'Offered'],
  accepted: ['商家已接', 'Accepted'],
  inspecting: ['验货中', 'Inspecting'],
  coordinating: ['备货上架', 'Coordinating'],
  listed: ['已上架', 'On sale'],
  selling: ['售卖中', 'Selling'],
  closed: ['已结束', 'Closed'],
  rejected: ['不属实', 'Rejected'],
  expired: ['已过期', 'Expired'],
  merged: ['已合并', 'Merged'],
})
