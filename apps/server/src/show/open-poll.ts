import type { PollInput } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { openDrop } from './open-drop.ts'
import type { PollDetail } from './poll-kind.ts'
import { requireCleanWords } from './require-clean-words.ts'

/** Opens a poll and gives the drop's id. @throws Refusal show.option_twice, show.words_not_allowed, and of openDrop */
export async function openPoll(
  context: ShowContext,
  roomId: number,
  input: PollInput,
  userId: number,
): Promise<number> {
  const options = input.options.map(({ zh, en }) => ({ zh: zh.trim(), en: en?.trim() ?? '' }))
  if (new Set(options.map(({ zh }) => zh)).size < options.length) throw new Refusal('show.option_twice')
  const detail: PollDetail = {
    questionZh: input.questionZh.trim(),
    questionEn: input.questionEn?.trim() ?? '',
    options,
  }
  requireCleanWords(context, detail.questionZh, detail.questionEn, ...options.flatMap(({ zh, en }) => [zh, en]))
  const { seconds } = input
  return (await openDrop(context, { roomId, kind: 'poll', openedBy: userId, seconds, detail })).id
}
