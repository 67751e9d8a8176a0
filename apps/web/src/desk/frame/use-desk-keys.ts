import { nextTick, onScopeDispose } from 'vue'
import { me } from '../../ui/session.ts'
import { toast } from '../../ui/toast.ts'
import { nextItem } from '../run/run-place.ts'
import { useRunSteps } from '../run/use-run-steps.ts'
import type { DropForm } from './desk-places.ts'
import { frameText } from './texts-frame.ts'
import type { Desk } from './use-desk.ts'
import { useUndo } from './use-undo.ts'

const FORM_KEYS: Readonly<Record<string, DropForm>> = { c: 'coupon', b: 'bag', v: 'poll', g: 'notice' }

/** True where a key is text: a field, or an open dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select') !== null
}

/** Keys for the desk on a computer; keys-sheet.vue lists them. */
export function useDeskKeys(desk: Desk): void {
  const undo = useUndo(desk)
  const steps = useRunSteps(desk)

  async function toChat(): Promise<void> {
    desk.places.bringTalk('chat')
    await nextTick()
    document.querySelector<HTMLElement>('[data-desk-chat]')?.focus()
  }
  function undoMine(): void {
    const mine = desk.actions.data.value?.actions.find((done) => done.undoable && done.byId === me.value?.userId)
    if (mine) void undo(mine)
    else toast(frameText('nothingToUndo'), 'info')
  }
  /** What a key does while the show is not over; undefined for a key that means nothing. */
  function actOf(key: string): (() => unknown) | undefined {
    const form = FORM_KEYS[key]
    if (form !== undefined) return () => desk.places.bringForm(form)
    if (key >= '1' && key <= '9')
      return () => {
        const item = desk.shelf.value.filter((one) => !one.hidden)[Number(key) - 1]
        if (item) void desk.setPin(item)
      }
    switch (key) {
      case '0':
        return () => desk.pinnedId.value !== null && desk.setPin(null)
      case 'n':
        return () => {
          const next = nextItem(desk.run.data.value)
          if (next) void steps.goTo(next.id)
        }
      case 'u':
        return undoMine
      default:
        return undefined
    }
  }
  function lookOf(key: string): (() => unknown) | undefined {
    switch (key) {
      case '/':
        return toChat
      case 'q':
        return () => desk.places.bringTalk('questions')
      case 'm':
        return () => desk.places.bringTalk('moderation')
      case '?':
        return () => {
          desk.places.keysOpen.value = true
        }
      default:
        return undefined
    }
  }
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return
    const run = lookOf(event.key) ?? (desk.isOver.value ? undefined : actOf(event.key))
    if (run === undefined) return
    event.preventDefault()
    void run()
  }
  window.addEventListener('keydown', press)
  onScopeDispose(() => window.removeEventListener('keydown', press))
}
