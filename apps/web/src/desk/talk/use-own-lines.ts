import { ref } from 'vue'
import { locale } from '../../i18n/index.ts'
import { makeUuid } from '../../ui/make-uuid.ts'
import type { RoomLink } from '../frame/room-link.ts'
import { chatText } from './texts-chat.ts'

/** What was said here and the room has not got yet; `trouble` is why it was not taken. */
export interface OwnLine {
  readonly id: string
  readonly text: string
  trouble: string | undefined
}

/** The team's own words on their way: shown at once, gone when the room has them, kept with a word when it has not. */
export function useOwnLines(link: RoomLink) {
  const lines = ref<OwnLine[]>([])
  async function send(line: OwnLine): Promise<void> {
    line.trouble = undefined
    const said = await link.say(line.text, line.id)
    if (said.ok) lines.value = lines.value.filter((one) => one.id !== line.id)
    else line.trouble = said.texts?.[locale.value] ?? chatText('failed')
  }
  function say(text: string): void {
    lines.value.push({ id: makeUuid(), text, trouble: undefined })
    const line = lines.value.at(-1)
    if (line) void send(line)
  }
  return { lines, say, send }
}
