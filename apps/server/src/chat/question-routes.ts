import {
  IdParams,
  MyQuestion,
  QuestionAnswerInput,
  QuestionMergeInput,
  QuestionParams,
  RoomQuestions,
  SkuAnswer,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { answerQuestion } from './answer-question.ts'
import type { ChatContext } from './context.ts'
import { dismissQuestion } from './dismiss-question.ts'
import { mergeQuestions } from './merge-questions.ts'
import { readMine, readQuestions, readSkuAnswers } from './read-questions.ts'

const DESK_LIMIT = { max: 120, windowS: 60, by: 'user' } as const

export function questionRoutes(context: ChatContext): Route[] {
  const { db } = context.platform
  const { signedIn, anyone } = context.identity.who
  const shared = { who: context.live.team, response: RoomQuestions, limit: DESK_LIMIT }
  return [
    route({
      method: 'GET',
      url: '/api/rooms/:id/questions',
      who: context.live.team,
      summary: 'What is asked in the room, the heaviest first, and what was answered',
      params: IdParams,
      response: RoomQuestions,
      quiet: true,
      handle: ({ params }) => readQuestions(db, params.id),
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/questions/:qid/answer',
      summary: 'Answer a question once for all who asked it, in writing or by voice',
      params: QuestionParams,
      body: QuestionAnswerInput,
      handle: async ({ request, params, body }) => {
        const answer = { questionId: params.qid, text: body.text, skuId: body.skuId }
        await answerQuestion(context, params.id, answer, actorOf(request).userId)
        return readQuestions(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/questions/:qid/dismiss',
      summary: 'Take a question off the list',
      params: QuestionParams,
      handle: async ({ request, params }) => {
        await dismissQuestion(context, params.id, params.qid, actorOf(request).userId)
        return readQuestions(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/questions/:qid/merge',
      summary: 'Put a question into another one that asks the same',
      params: QuestionParams,
      body: QuestionMergeInput,
      handle: async ({ request, params, body }) => {
        const ids = { questionId: params.qid, into: body.into }
        await mergeQuestions(context, params.id, ids, actorOf(request).userId)
        return readQuestions(db, params.id)
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/questions/mine',
      who: signedIn,
      summary: 'Which of my lines were taken as questions, and what was answered',
      params: IdParams,
      response: Type.Object({ items: Type.Array(MyQuestion) }),
      quiet: true,
      limit: { max: 60, windowS: 60, by: 'user' },
      handle: async ({ request, params }) => ({ items: await readMine(db, params.id, actorOf(request).userId) }),
    }),
    route({
      method: 'GET',
      url: '/api/skus/:id/answers',
      who: anyone,
      summary: 'What was asked about a product and answered in shows, with the moment in the replay',
      params: IdParams,
      response: Type.Object({ items: Type.Array(SkuAnswer) }),
      quiet: true,
      handle: async ({ params }) => ({ items: await readSkuAnswers(db, params.id) }),
    }),
  ]
}
