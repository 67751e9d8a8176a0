import type { SkuCard } from '@chunbo/contract/catalogue'
import type { ChatLine, RoomEvent, RoomView } from '@chunbo/contract/room-events'
import type { RoomAnswer } from '@chunbo/contract/room-parts'
import type { RoomPage } from '@chunbo/contract/rooms'
import { computed, onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { locale } from '../i18n/index.ts'
import { loadGoodsById } from '../shop/api.ts'
import { makeUuid } from '../ui/make-uuid.ts'
import { me } from '../ui/session.ts'
import { type LineState, openRoomSocket } from './room-socket.ts'

/** A line of the chat as it is shown: one's own is there at once and marked until the room has it. */
export interface ShownLine extends ChatLine {
  readonly mine: boolean
  readonly state: 'said' | 'sending' | 'failed'
  readonly why?: string
  /** The line is an answer to what several asked. */
  readonly answer?: RoomAnswer
  /** One's own question, which has been answered. */
  readonly answered?: boolean
}
/** Goods of the shelf with their stock of this moment. */
export interface ShownGoods {
  readonly n: number
  readonly sku: SkuCard
  readonly pinned: boolean
}
export interface Room {
  readonly view: Ref<RoomView | null>
  readonly line: Ref<LineState>
  readonly goods: Ref<ShownGoods[]>
  readonly pinned: Ref<ShownGoods | null>
  readonly chat: Ref<ShownLine[]>
  readonly viewers: Ref<number>
  readonly say: (text: string) => void
  readonly sayAgain: (id: string) => void
  readonly like: (n: number) => boolean
  /** The goods were opened: told once a visit, as soon as the line is open. */
  readonly look: () => void
  /** Whether anything was said from here. */
  readonly hasSpoken: () => boolean
  /** Told with what the last line was refused, until one goes through. */
  readonly refusal: Ref<string | null>
  readonly reconnect: () => void
  /** The server's wall clock of this instant, once it was heard. */
  readonly serverNowMs: () => number | null
  readonly askClock: () => void
}
interface Own {
  readonly id: string
  readonly text: string
  readonly atMs: number
  state: 'sending' | 'failed'
  why?: string
}

const SAY_TIMEOUT_MS = 10_000
const NOTHING: ReadonlySet<string> = new Set()

/** A room while the page lives: its first answer, then what the socket tells. */
export function useRoom(
  page: RoomPage,
  hear: (event: RoomEvent) => void,
  answered: () => ReadonlySet<string> = () => NOTHING,
): Room {
  const view = shallowRef<RoomView | null>(null)
  const line = ref<LineState>('connecting')
  const cards = shallowRef(new Map(page.shelf.map((item) => [item.sku.skuId, item.sku])))
  const own = ref<Own[]>([])
  const ownLines = new Set<string>()
  const refusal = ref<string | null>(null)
  let looked: 'no' | 'to tell' | 'told' = 'no'
  let clock: { aheadMs: number; withinMs: number } | null = null

  function addCards(fresh: readonly SkuCard[]): void {
    if (fresh.length > 0) cards.value = new Map([...cards.value, ...fresh.map((card) => [card.skuId, card] as const)])
  }
  /** A snapshot carries no cards: those that are not known in this version are fetched. */
  async function fetchMissing(next: RoomView): Promise<void> {
    const missing = next.shelf.filter((entry) => cards.value.get(entry.skuId)?.version !== entry.version)
    if (missing.length === 0) return
    const found = await loadGoodsById(
      missing.map((entry) => entry.skuId),
      new AbortController().signal,
    ).catch(() => [])
    addCards(found)
  }

  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = openRoomSocket(`${scheme}://${window.location.host}/api/rooms/${page.id}/socket`, {
    view(next) {
      const shelfChanged = next.shelf !== view.value?.shelf
      view.value = next
      if (shelfChanged) void fetchMissing(next)
    },
    state(state) {
      line.value = state
      if (state === 'open') tellLook()
      if (state === 'open') for (const each of own.value) if (each.state === 'sending') socket.say(each.id, each.text)
    },
    event(event) {
      if (event.t === 'shelf') addCards(event.cards)
      hear(event)
    },
    clock(aheadMs, withinMs) {
      // The answer that took the least time says it best.
      if (clock === null || withinMs <= clock.withinMs) clock = { aheadMs, withinMs }
    },
    accepted(id, lineId) {
      ownLines.add(lineId)
      refusal.value = null
      own.value = own.value.filter((each) => each.id !== id)
    },
    refused(id, texts, code) {
      refusal.value = code
      own.value = own.value.map((each) =>
        each.id === id ? { ...each, state: 'failed', why: texts[locale.value] } : each,
      )
    },
  })
  const wake = () => {
    if (line.value === 'lost') socket.reconnect()
  }
  window.addEventListener('online', wake)
  onScopeDispose(() => {
    window.removeEventListener('online', wake)
    socket.close()
  })

  function tellLook(): void {
    if (looked === 'to tell' && socket.look()) looked = 'told'
  }
  function look(): void {
    if (looked === 'no') looked = 'to tell'
    tellLook()
  }
  function push(id: string, text: string): void {
    socket.say(id, text)
    window.setTimeout(() => {
      own.value = own.value.map((each) =>
        each.id === id && each.state === 'sending' ? { ...each, state: 'failed' } : each,
      )
    }, SAY_TIMEOUT_MS)
  }
  function say(text: string): void {
    const id = makeUuid()
    own.value = [...own.value, { id, text, atMs: Date.now(), state: 'sending' }]
    push(id, text)
  }
  function sayAgain(id: string): void {
    const found = own.value.find((each) => each.id === id)
    if (found === undefined) return
    own.value = own.value.map((each) =>
      each.id === id ? { id, text: each.text, atMs: each.atMs, state: 'sending' } : each,
    )
    push(id, found.text)
  }

  const pin = computed(() => (view.value === null ? page.pinned : view.value.pin))
  const goods = computed<ShownGoods[]>(() => {
    if (view.value === null)
      return page.shelf.map(({ sku }, at) => ({ n: at + 1, sku, pinned: sku.skuId === pin.value?.skuId }))
    return view.value.shelf.flatMap((entry, at) => {
      const card = cards.value.get(entry.skuId)
      if (card === undefined) return []
      const sku = { ...card, stock: entry.stock, priceFen: entry.priceFen, version: entry.version }
      return [{ n: at + 1, sku, pinned: entry.skuId === pin.value?.skuId }]
    })
  })
  const said = computed<ShownLine[]>(() => {
    const mine = answered()
    const lines: ShownLine[] = (view.value?.chat ?? []).map((each) => ({
      ...each,
      mine: ownLines.has(each.id),
      state: 'said' as const,
      ...(mine.has(each.id) ? { answered: true } : {}),
    }))
    const first = lines[0]?.atMs ?? 0
    const answers = (view.value?.answers ?? []).filter(({ atMs }) => atMs >= first).map(toLine)
    return answers.length === 0 ? lines : [...lines, ...answers].sort((a, b) => a.atMs - b.atMs)
  })
  const chat = computed<ShownLine[]>(() => [
    ...said.value,
    ...own.value.map((each) => ({
      id: each.id,
      atMs: each.atMs,
      name: me.value?.name ?? '',
      from: 'viewer' as const,
      text: each.text,
      mine: true,
      state: each.state,
      ...(each.why === undefined ? {} : { why: each.why }),
    })),
  ])
  return {
    view,
    line,
    goods,
    pinned: computed(() => goods.value.find((each) => each.pinned) ?? null),
    chat,
    viewers: computed(() => view.value?.viewers ?? page.viewers),
    say,
    sayAgain,
    like: (n) => socket.like(n),
    look,
    hasSpoken: () => ownLines.size > 0,
    refusal,
    reconnect: () => socket.reconnect(),
    serverNowMs: () => (clock === null ? null : performance.now() + clock.aheadMs),
    askClock: () => socket.askClock(),
  }
}

function toLine(answer: RoomAnswer): ShownLine {
  const id = `answer-${answer.questionId}-${answer.atMs}`
  return { id, atMs: answer.atMs, name: '', from: 'host', text: answer.text, mine: false, state: 'said', answer }
}
