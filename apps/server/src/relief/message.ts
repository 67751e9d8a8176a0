import type { ReliefStage } from '@chunbo/contract'

/** What a message needs of a report. */
export interface MessageFacts {
  readonly stage: ReliefStage
  readonly county: string
  readonly produce: string
  readonly quantity: string
  /** The whole address of the page that says where it stands. */
  readonly link: string
}

/** What each stage means for who reported it, in the words of a call. Chinese only: text messages go to farmers. */
const LINES: Partial<Record<ReliefStage, (facts: MessageFacts) => string>> = {
  reported: ({ county, produce, quantity }) => `已收到您报的${county}${produce} ${quantity}，我们会尽快核实。`,
  verified: ({ produce }) => `您报的${produce}已核实，正在找合适的商家。`,
  offered: ({ produce }) => `您报的${produce}已推荐给商家，正在等答复。`,
  accepted: ({ produce }) => `有商家愿意收您报的${produce}，接下来会有人到现场验货。`,
  inspecting: ({ produce }) => `验货员正在为您报的${produce}验货，请留意电话。`,
  coordinating: ({ produce }) => `您报的${produce}验货通过，正在准备包装和运输。`,
  listed: ({ produce }) => `您报的${produce}已在爱心助农页上架。`,
  selling: ({ produce }) => `您报的${produce}开始卖出了。`,
  closed: ({ produce }) => `您报的${produce}已办结，谢谢您。`,
  rejected: ({ produce }) => `您报的${produce}没有受理，原因请点开链接看。`,
  expired: ({ produce }) => `您报的${produce}过了能卖的时间，个案已结束。`,
}
const LENGTH_MAX = 500

/** The text message that tells a reporter of a stage, or null where there is nothing to tell. At most 500 characters. */
export function sayStage(facts: MessageFacts): string | null {
  const line = LINES[facts.stage]
  if (!line) return null
  const tail = `查看进展：${facts.link}`
  return `【春播】${line(facts).slice(0, LENGTH_MAX - tail.length - 4)}${tail}`
}
