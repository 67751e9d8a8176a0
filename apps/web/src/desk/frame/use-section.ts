import { onScopeDispose, shallowRef, watch } from 'vue'
import { type Load, useLoad } from '../../ui/use-load.ts'

type Hearer = (data: unknown) => void

/** Where the room's line leaves what it hears of a section, and where sections listen. */
export class SectionFrames {
  readonly #hearers = new Map<string, Hearer>()

  hear(section: string, data: unknown): void {
    this.#hearers.get(section)?.(data)
  }
  listen(section: string, hearer: Hearer): () => void {
    this.#hearers.set(section, hearer)
    return () => this.#hearers.delete(section)
  }
}

/** A section of the desk: read once, then as the room tells it. */
export interface Section<T> extends Load<T> {
  /** Shows what an act of one's own has answered, before the room tells it to all. */
  readonly put: (data: T) => void
}

/**
 * A section of the desk while the component lives. `first` reads it; whatever the room tells afterwards is newer than a reading that had
 * begun before, so such an answer is dropped. The server builds frames and answers from the contract, so both are trusted to be a T.
 */
export function useSection<T>(
  frames: SectionFrames,
  name: string,
  first: (signal: AbortSignal) => Promise<T>,
): Section<T> {
  const data = shallowRef<T>()
  let heard = 0
  const load = useLoad(async (signal) => {
    const before = heard
    const answer = await first(signal)
    return { answer, isNewest: before === heard }
  })
  watch(load.data, (now) => {
    if (now?.isNewest) data.value = now.answer
  })
  function put(next: T): void {
    heard += 1
    data.value = next
  }
  onScopeDispose(
    frames.listen(name, (next) => {
      put(next as T)
      load.error.value = null
    }),
  )
  const { error, loading, slow, reload } = load
  return { data, error, loading, slow, reload, put }
}
