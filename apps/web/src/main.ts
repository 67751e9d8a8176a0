import { createApp } from 'vue'
import App from './app.vue'
import { router } from './router.ts'
import { followLocale } from './ui/load-spelled-names.ts'
import { knowMe } from './ui/session.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/settings.ts'

followLocale()
createApp(App).use(router).mount('#app')
// Who is signed in is asked beside the first page and does not hold it up.
knowMe().catch(() => {})

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => {})
  })
}
