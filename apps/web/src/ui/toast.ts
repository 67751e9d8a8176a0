import { ref } from 'vue'
import type { IconName } from './icon-paths.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly icon: IconName | undefined
}

const SHOWN_MS = 3200
let lastId = 0
export const shownToast = ref<Toast | null>(null)

/** Says a short word over everything for about three seconds; a newer word takes the place of an older one. */
export function toast(text: string, icon?: IconName): void {
  lastId += 1
  const mine = lastId
  shownToast.value = { id: mine, text, icon }
  window.setTimeout(() => {
    if (shownToast.value?.id === mine) shownToast.value = null
  }, SHOWN_MS)
}
