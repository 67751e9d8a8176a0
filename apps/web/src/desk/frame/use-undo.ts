import type { DeskActions } from '@chunbo/contract/show'
import { toast } from '../../ui/toast.ts'
import { act } from './act.ts'
import { undoAction } from './api.ts'
import { frameText } from './texts-frame.ts'
import type { Desk } from './use-desk.ts'

export type DoneAct = DeskActions['actions'][number]

/** Takes something back that was done at a desk, by whoever. What is no longer possible is refused by the server, with the reason. */
export function useUndo(desk: Pick<Desk, 'roomId' | 'actions' | 'refresh'>) {
  const running = new Set<number>()
  async function undo(done: DoneAct): Promise<boolean> {
    if (running.has(done.id)) return false
    running.add(done.id)
    try {
      const went = await act(() => undoAction(desk.roomId, done.id))
      if (went) toast(frameText('undone'), 'check')
      await Promise.all([desk.actions.reload(), desk.refresh()])
      return went
    } finally {
      running.delete(done.id)
    }
  }
  return undo
}
