import { ref, watch } from 'vue'
import { SPEED_FIRST, SPEEDS } from './use-scroll.ts'

export const SIZES_PX = [32, 40, 48, 56, 64, 76, 88] as const
const KEY = 'chunbo.prompter'

interface Kept {
  sizePx: number
  speed: number
  isMirrored: boolean
}
function kept(): Kept {
  const first: Kept = { sizePx: 48, speed: SPEED_FIRST, isMirrored: false }
  try {
    const text = localStorage.getItem(KEY)
    const known = text === null ? {} : (JSON.parse(text) as Partial<Kept>)
    return {
      sizePx: SIZES_PX.find((size) => size === known.sizePx) ?? first.sizePx,
      speed: SPEEDS.find((speed) => speed === known.speed) ?? first.speed,
      isMirrored: known.isMirrored === true,
    }
  } catch {
    // What is kept on this device may be anything, or nothing may be kept at all.
    return first
  }
}
/** The neighbour of a value in a row of choices; the ends stay. */
export function stepped(choices: readonly number[], value: number, by: -1 | 1): number {
  const at = choices.indexOf(value)
  return choices[Math.max(0, Math.min(choices.length - 1, at + by))] ?? value
}

/** How the host likes to read: kept on the host's phone. */
export function usePrompterLook() {
  const first = kept()
  const sizePx = ref(first.sizePx)
  const speed = ref(first.speed)
  const isMirrored = ref(first.isMirrored)
  watch([sizePx, speed, isMirrored], () => {
    try {
      const now: Kept = { sizePx: sizePx.value, speed: speed.value, isMirrored: isMirrored.value }
      localStorage.setItem(KEY, JSON.stringify(now))
    } catch {
      // A browser that keeps nothing still reads well.
    }
  })
  return {
    sizePx,
    speed,
    isMirrored,
    size: (by: -1 | 1) => {
      sizePx.value = stepped(SIZES_PX, sizePx.value, by)
    },
    pace: (by: -1 | 1) => {
      speed.value = stepped(SPEEDS, speed.value, by)
    },
  }
}
