import { onActivated, onDeactivated, onMounted, onScopeDispose } from 'vue'

export interface BoardKeys {
  /** The board as it stands, from left to right and from top to bottom: ids by column. */
  readonly columns: () => readonly (readonly number[])[]
  readonly select: (id: number) => void
  readonly assign: (id: number) => void
  readonly verify: (id: number) => void
  readonly search: () => void
  readonly help: () => void
  readonly escape: () => void
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))

/** Whether a key belongs to the board: nothing is being typed, no sheet stands open, no key of the browser's own is held. */
function isForBoard(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  const box = event.target instanceof HTMLInputElement && event.target.type === 'checkbox'
  return (box || !isTyping(event.target)) && document.querySelector('dialog[open]') === null
}

/** The case on which the keyboard stands is the one whose link has the focus, so that Enter opens it by itself. */
const focusedId = () => Number(document.activeElement?.closest<HTMLElement>('[data-case]')?.dataset.case ?? 0)

function focusCase(id: number | undefined): void {
  if (id === undefined) return
  const link = document.querySelector<HTMLElement>(`[data-case="${id}"] [data-open]`)
  link?.focus({ preventScroll: true })
  link?.closest('[data-case]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** The keys of the board: j k h l move, x selects, a takes over, v verifies, / searches, ? helps, Escape lets go. */
export function useBoardKeys(keys: BoardKeys): void {
  /** Where the keyboard stood last: a case that has moved away under it leaves its place to the next one. */
  let last = { column: 0, row: -1 }

  function step(columnBy: number, rowBy: number): void {
    const columns = keys.columns()
    const id = focusedId()
    const column = columns.findIndex((ids) => ids.includes(id))
    if (column >= 0) last = { column, row: columns[column]?.indexOf(id) ?? 0 }
    else if (document.activeElement !== document.body) last = { column: 0, row: rowBy > 0 ? -1 : 0 }
    else if (rowBy > 0 && last.row >= 0) last.row -= 1
    let to = last.column
    if (columnBy !== 0 || (columns[to]?.length ?? 0) === 0) {
      const by = columnBy === 0 ? 1 : columnBy
      do to += by
      while (columns[to]?.length === 0)
    }
    const ids = columns[to] ?? columns.find((each) => each.length > 0)
    if (ids === undefined || (columnBy !== 0 && columns[to] === undefined)) return
    const row = Math.max(0, Math.min(ids.length - 1, last.row + rowBy))
    last = { column: columns.indexOf(ids), row }
    focusCase(ids[row])
  }
  const onCase = (act: (id: number) => void) => () => act(focusedId())
  const acts: Readonly<Record<string, () => void>> = {
    j: () => step(0, 1),
    k: () => step(0, -1),
    l: () => step(1, 0),
    h: () => step(-1, 0),
    x: onCase((id) => id > 0 && keys.select(id)),
    a: onCase(keys.assign),
    v: onCase((id) => id > 0 && keys.verify(id)),
    '/': keys.search,
    '?': keys.help,
    Escape: keys.escape,
  }
  function pressed(event: KeyboardEvent): void {
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined
    if (act === undefined || !isForBoard(event)) return
    event.preventDefault()
    act()
  }
  const listen = () => window.addEventListener('keydown', pressed)
  const deaf = () => window.removeEventListener('keydown', pressed)
  onMounted(listen)
  onActivated(listen)
  onDeactivated(deaf)
  onScopeDispose(deaf)
}
