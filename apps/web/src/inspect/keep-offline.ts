import { ref } from 'vue'

/** Whether the app itself is on this phone, so that it opens without a network. */
export const isKept = ref(false)

/** Asks the service worker to keep this app's page with every file that it has loaded. Says nothing where there is none. */
export async function keepApp(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
  const linked = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet],link[rel=modulepreload]')].map(
    ({ href }) => href,
  )
  const scripts = [...document.scripts].map(({ src }) => src)
  const assets = [...loaded, ...linked, ...scripts].filter((url) => url.startsWith(`${location.origin}/assets/`))
  const channel = new MessageChannel()
  channel.port1.onmessage = ({ data }) => {
    isKept.value = data === 'kept'
  }
  active?.postMessage({ keep: '/inspect', assets: [...new Set(assets)] }, [channel.port2])
}
