import { onScopeDispose, type Ref, ref } from 'vue'

/** The one timer of the desk: two hundred clocks on a board are moved by it together, once a second. */
const now = ref(Date.now())
let timer = 0
let users = 0

/** The time of this device in milliseconds, once a second while anybody looks. */
export function useDeskNow(): Readonly<Ref<number>> {
  users += 1
  if (users === 1) {
    now.value = Date.now()
    timer = window.setInterval(() => {
      now.value = Date.now()
    }, 1000)
  }
  onScopeDispose(() => {
    users -= 1
    if (users === 0) window.clearInterval(timer)
  })
  return now
}
