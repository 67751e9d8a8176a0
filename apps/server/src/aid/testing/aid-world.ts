import { randomUUID } from 'node:crypto'
import type { ReliefStage } from '@chunbo/contract'
import { one } from '../../platform/database.ts'
import { createSite, type Site } from '../../platform/testing/site.ts'
import { moveCase } from '../../relief/index.ts'

/** 景东彝族自治县. */
export const JINGDONG = 530823
const DAY_MS = 86_400_000

export interface AidWorld {
  readonly site: Site
  readonly desk: number
  readonly commissioner: number
  /** A case of peas in 景东 in this stage; goods are passed by a signed inspection from coordinating on. */
  openCase(stage: ReliefStage, more?: { grams?: number; cold?: boolean; passedG?: readonly number[] }): Promise<number>
  /** Moves a case along these stages, as the other slices would. */
  move(caseId: number, ...stages: ReliefStage[]): Promise<void>
  pass(caseId: number, grams: number, grade?: string): Promise<string>
  close(): Promise<void>
}

const PATH: readonly ReliefStage[] = ['verified', 'offered', 'accepted', 'inspecting', 'coordinating']

/** The whole application with a relief desk, a commissioner of 景东, and cases that have come as far as a test wants. */
export async function createAidWorld(): Promise<AidWorld> {
  const site = await createSite()
  const { db } = site.app.platform
  const desk = await site.person({ role: 'relief_desk' })
  const commissioner = await site.person({ role: 'commissioner', countyCode: JINGDONG })

  async function move(caseId: number, ...stages: ReliefStage[]): Promise<void> {
    for (const to of stages) {
      const from = await db.transaction((tx) =>
        moveCase(tx, { caseId, to, actorId: desk, now: new Date(), kind: `to_${to}` }),
      )
      site.app.slices.relief.caseMoved({ caseId, from, to })
    }
  }

  async function pass(caseId: number, grams: number, grade = 'first'): Promise<string> {
    const id = randomUUID()
    const certificate = `HG20261124-${id.replaceAll('-', '').slice(0, 10).toUpperCase()}`
    await db.query(
      `insert into inspections (id, case_id, state, opened_by, opened_at, signed_op, signed_by, signed_at, received_at, document,
         parts, grade, verdict, grams, certificate)
       values ($1, $2, 'signed', $3, now(), $4, $3, now(), now(), '{}', '{}', $5, 'pass', $6, $7)`,
      [id, caseId, desk, randomUUID(), grade, grams, certificate],
    )
    return id
  }

  return {
    site,
    desk,
    commissioner,
    move,
    pass,
    async openCase(stage, { grams = 10_000_000, cold = false, passedG = [grams] } = {}) {
      const now = new Date()
      const day = (offset: number) => new Date(now.getTime() + offset * DAY_MS).toISOString().slice(0, 10)
      const { id } = one(
        await db.query<{ id: number }>(
          `insert into relief_cases (produce_slug, county_code, township, village, grams, harvest_from, harvest_to, households,
             floor_fen_per_kg, needs_cold, story_zh, spoils_at, stage_since, stage_due, reported_at)
           values ('pea-pod', $1, '锦屏镇', '新民村', $2, $3, $4, 42, 500, $5, '雨后天晴，豆角一夜鼓满。', $6, $7, $7, $7) returning id`,
          [JINGDONG, grams, day(-2), day(5), cold, new Date(now.getTime() + 4 * DAY_MS), now],
        ),
      )
      const steps = PATH.slice(0, PATH.indexOf(stage) + 1)
      await move(id, ...steps)
      if (stage === 'coordinating') for (const each of passedG) await pass(id, each)
      return id
    },
    close: () => site.close(),
  }
}
