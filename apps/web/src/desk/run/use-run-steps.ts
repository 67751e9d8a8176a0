import type { RunOfShow } from '@chunbo/contract/show'
import { act } from '../frame/act.ts'
import type { Desk } from '../frame/use-desk.ts'
import { putCurrent } from './api.ts'

/** Moves through the run; the step shows at once, here and on the host's teleprompter. */
export function useRunSteps({ roomId, run, clock }: Pick<Desk, 'roomId' | 'run' | 'clock'>) {
  let stepping = 0
  async function goTo(itemId: number | null): Promise<boolean> {
    stepping += 1
    const mine = stepping
    const before = run.data.value
    const current: RunOfShow['current'] = itemId === null ? null : { itemId, sinceMs: clock.value }
    if (before) run.put({ ...before, current })
    const went = await act(() => putCurrent(roomId, itemId))
    if (!went && mine === stepping) await run.reload()
    return went
  }
  return { goTo }
}
