/** Lines of one person within this time may not be the same. */
const SAME_MS = 20_000
/** A long text that several people say within a minute is a text that is handed round. */
const COPY_CHARS_MIN = 20
const COPY_PEOPLE_MAX = 5
const COPY_MS = 60_000
/** So many refused lines with contacts or terms within ten minutes, and the room silences who sends them. */
export const STRIKES_MAX = 5
export const STRIKE_WINDOW_MS = 10 * 60_000
/** Slow mode waits five minutes at most, so nobody need be remembered for longer. */
const SAID_KEPT_MS = 300_000
/** People that are remembered for the rules above, each map; beyond it the longest ago are forgotten. */
const PEOPLE_MAX = 20_000

export interface Silence {
  readonly muteId: number
  readonly userId: number
  /** UTC in ms; Infinity until it is lifted. */
  readonly untilMs: number
  readonly county: boolean
}

/**
 * What the rules of one room's chat have to know of people, in memory, so that a line is judged without waiting. `steadyMs` is of a clock that
 * never jumps; the end of a silence is on the wall's clock, because it is so in SQL.
 */
export class RoomBook {
  readonly roomId: number
  readonly countyCode: number
  readonly #silences = new Map<number, Silence[]>()
  readonly #lifted = new Set<number>()
  readonly #said = new Map<number, { readonly atMs: number; readonly text: string }>()
  readonly #copies = new Map<string, { readonly sinceMs: number; readonly people: Set<number> }>()
  readonly #strikes = new Map<number, { readonly sinceMs: number; readonly count: number }>()
  /** Until the mute that follows from strikes is written down. */
  readonly #struckOut = new Map<number, number>()

  constructor(roomId: number, countyCode: number) {
    this.roomId = roomId
    this.countyCode = countyCode
  }

  // ---- silences

  /** A silence that was read or made; one that was lifted meanwhile stays lifted, in whatever order both are heard of. */
  silence(silence: Silence): void {
    if (this.#lifted.has(silence.muteId)) return
    const others = (this.#silences.get(silence.userId) ?? []).filter(({ muteId }) => muteId !== silence.muteId)
    this.#silences.set(silence.userId, [...others, silence])
  }

  lift(muteId: number, userId: number): void {
    this.#lifted.add(muteId)
    const left = (this.#silences.get(userId) ?? []).filter((each) => each.muteId !== muteId)
    if (left.length > 0) this.#silences.set(userId, left)
    else this.#silences.delete(userId)
    this.#struckOut.delete(userId)
  }

  /** The one that holds longest now, or null. */
  silenceOf(userId: number, wallMs: number, steadyMs: number): Pick<Silence, 'untilMs' | 'county'> | null {
    const holding = (this.#silences.get(userId) ?? []).filter(({ untilMs }) => untilMs > wallMs)
    const longest = holding.sort((one, other) => other.untilMs - one.untilMs)[0]
    if (longest !== undefined) return longest
    const struckMs = this.#struckOut.get(userId)
    if (struckMs === undefined || steadyMs >= struckMs) return null
    return { untilMs: wallMs + struckMs - steadyMs, county: false }
  }

  // ---- what was said

  /** A line entered the stream. `text` is folded. */
  said(userId: number, text: string, steadyMs: number): void {
    this.#said.delete(userId)
    this.#said.set(userId, { atMs: steadyMs, text })
    if (text.length < COPY_CHARS_MIN) return
    const known = this.#copies.get(text)
    if (known !== undefined && steadyMs - known.sinceMs < COPY_MS) known.people.add(userId)
    else this.#copies.set(text, { sinceMs: steadyMs, people: new Set([userId]) })
    forgetOldest(this.#copies, ({ sinceMs }) => steadyMs - sinceMs >= COPY_MS)
    forgetOldest(this.#said, ({ atMs }) => steadyMs - atMs >= SAID_KEPT_MS)
  }

  /** Ms until this person may say something again, with so many seconds between two lines; 0 for now. */
  slowWaitMs(userId: number, slowS: number, steadyMs: number): number {
    const last = this.#said.get(userId)
    return slowS === 0 || last === undefined ? 0 : Math.max(0, Math.ceil(last.atMs + slowS * 1000 - steadyMs))
  }

  /** Whether it has just been said, by this person or, as a long text, by several. */
  isRepeated(userId: number, text: string, steadyMs: number): boolean {
    const last = this.#said.get(userId)
    if (last !== undefined && last.text === text && steadyMs - last.atMs < SAME_MS) return true
    const copies = this.#copies.get(text)
    return copies !== undefined && steadyMs - copies.sinceMs < COPY_MS && copies.people.size >= COPY_PEOPLE_MAX
  }

  /** A line was refused for what is in it. True when it was one too many; then the person is silent until that is written down. */
  strike(userId: number, steadyMs: number): boolean {
    const known = this.#strikes.get(userId)
    const goesOn = known !== undefined && steadyMs - known.sinceMs < STRIKE_WINDOW_MS
    const strikes = goesOn ? { ...known, count: known.count + 1 } : { sinceMs: steadyMs, count: 1 }
    this.#strikes.delete(userId)
    if (strikes.count < STRIKES_MAX) {
      this.#strikes.set(userId, strikes)
      forgetOldest(this.#strikes, ({ sinceMs }) => steadyMs - sinceMs >= STRIKE_WINDOW_MS)
      return false
    }
    this.#struckOut.set(userId, steadyMs + STRIKE_WINDOW_MS)
    forgetOldest(this.#struckOut, (untilMs) => untilMs <= steadyMs)
    return true
  }
}

/** Drops from the front, where the oldest stand, what is old, and whatever is too much. */
function forgetOldest<Key, Value>(map: Map<Key, Value>, isOld: (value: Value) => boolean): void {
  for (const [key, value] of map) {
    if (map.size <= PEOPLE_MAX && !isOld(value)) return
    map.delete(key)
  }
}
