import type { RoomQuestion, RoomQuestions } from '@chunbo/contract/chat'
import { toast } from '../../ui/toast.ts'
import { actOn } from '../frame/act.ts'
import type { Desk } from '../frame/use-desk.ts'
import { answerQuestion, dismissQuestion, mergeQuestion } from './api.ts'
import { questionText } from './texts-questions.ts'

/** The list without one question, as it will be once the server has it. */
function without(all: RoomQuestions | undefined, id: number): RoomQuestions | undefined {
  if (all === undefined) return undefined
  const open = all.open.filter((one) => one.id !== id)
  return { ...all, open, waiting: Math.max(open.length, all.waiting - 1) }
}

/** Acts on questions: each is off the list at the tap and comes back when the server did not take it. */
export function useQuestions({ roomId, questions }: Desk) {
  async function answer(question: RoomQuestion, text: string): Promise<boolean> {
    const guess = without(questions.data.value, question.id)
    const went = await actOn(questions, guess, () => answerQuestion(roomId, question.id, text))
    if (went) toast(questionText('sent', { n: question.askers }), 'check')
    return went
  }
  const dismiss = (question: RoomQuestion) =>
    actOn(questions, without(questions.data.value, question.id), () => dismissQuestion(roomId, question.id))
  async function merge(question: RoomQuestion, into: number): Promise<void> {
    const guess = without(questions.data.value, question.id)
    if (await actOn(questions, guess, () => mergeQuestion(roomId, question.id, into)))
      toast(questionText('merged'), 'check')
  }
  return { answer, dismiss, merge }
}
