import { askFirst } from '../../ui/ask-first.ts'
import { toast } from '../../ui/toast.ts'
import { endRoom } from '../api.ts'
import { deskText } from '../texts.ts'
import { act } from './act.ts'
import type { Desk } from './use-desk.ts'

/** Ends the show for good, after a word that is typed: it cannot be begun again. */
export async function endShow(desk: Pick<Desk, 'roomId' | 'viewers' | 'keep'>): Promise<void> {
  const sure = await askFirst({
    title: deskText('endTitle'),
    body: deskText('endBody', { n: desk.viewers.value }),
    word: deskText('endWord'),
    wordLabel: deskText('endType', { word: deskText('endWord') }),
    yes: deskText('endYes'),
    no: deskText('endNo'),
    dangerous: true,
  })
  if (sure && (await act(async () => desk.keep(await endRoom(desk.roomId))))) toast(deskText('endedNow'), 'check')
}
