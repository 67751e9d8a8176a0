import { onScopeDispose } from 'vue'

interface ShelfActs {
  /** Explain the product at this place, from 0. */
  readonly pinAt: (index: number) => void
  readonly unpin: () => void
}

/** True where a key is text: a field, or an open dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, dialog') !== null
}

/** Keys for the desk on a computer: 1 to 9 explain that product, 0 finishes, / goes to the chat. */
export function useShelfKeys(acts: ShelfActs): void {
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return
    if (event.key >= '1' && event.key <= '9') acts.pinAt(Number(event.key) - 1)
    else if (event.key === '0') acts.unpin()
    else if (event.key === '/') document.querySelector<HTMLElement>('[data-desk-chat]')?.focus()
    else return
    event.preventDefault()
  }
  window.addEventListener('keydown', press)
  onScopeDispose(() => window.removeEventListener('keydown', press))
}
