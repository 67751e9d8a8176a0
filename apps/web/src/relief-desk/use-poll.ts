import { onActivated, onDeactivated, onScopeDispose } from 'vue'

/** The desk looks again this often. */
const POLL_MS = 15_000

/**
 * Looks again every 15 seconds while the page is in sight, and at once when it comes back into sight. A look that is still
 * under way is not overtaken: on a slow line the next one waits its turn.
 */
export function usePoll(look: () => Promise<unknown>): void {
  let timer = 0
  let isLooking = false
  let lastMs = Date.now()

  async function tick(): Promise<void> {
    if (isLooking || document.visibilityState !== 'visible') return
    isLooking = true
    try {
      await look()
    } finally {
      isLooking = false
      lastMs = Date.now()
    }
  }
  const start = () => {
    window.clearInterval(timer)
    timer = window.setInterval(() => void tick(), POLL_MS)
  }
  const stop = () => window.clearInterval(timer)
  const seen = () => {
    if (Date.now() - lastMs >= POLL_MS) void tick()
  }
  let wasAway = false
  document.addEventListener('visibilitychange', seen)
  start()
  // A page that is kept while another one stands in its place does not ask; back again it asks at once.
  onDeactivated(() => {
    wasAway = true
    stop()
    document.removeEventListener('visibilitychange', seen)
  })
  onActivated(() => {
    if (!wasAway) return
    wasAway = false
    document.addEventListener('visibilitychange', seen)
    start()
    void tick()
  })
  onScopeDispose(() => {
    stop()
    document.removeEventListener('visibilitychange', seen)
  })
}
