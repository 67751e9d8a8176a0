import { computed, type Ref, ref } from 'vue'
import { movedItem } from '../../ui/moved-item.ts'
import type { DeskItem } from './shelf-items.ts'

/** A row that is dragged stands where it would fall; the order is wished once, when it falls. */
export function useShelfDrag(shelf: Ref<DeskItem[]>, wish: (order: DeskItem[]) => void) {
  const dragged = ref<number>()
  const order = ref<DeskItem[]>()
  const items = computed<DeskItem[]>(() => order.value ?? shelf.value)

  function start(index: number): void {
    dragged.value = index
  }
  function over(index: number): void {
    if (dragged.value === undefined || dragged.value === index) return
    order.value = movedItem(items.value, dragged.value, index)
    dragged.value = index
  }
  function drop(): void {
    const wanted = order.value
    dragged.value = undefined
    order.value = undefined
    if (wanted) wish(wanted)
  }
  return { dragged, items, start, over, drop }
}
