import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { routes as aidRoutes } from './aid/routes.ts'
import { routes as audienceRoutes } from './audience/routes.ts'
import { routes as deskRoutes } from './desk/routes.ts'
import { routes as eveningRoutes } from './evening/routes.ts'
import { locale, type Pair } from './i18n/index.ts'
import { routes as inspectRoutes } from './inspect/routes.ts'
import { routes as liveRoutes } from './live/routes.ts'
import { routes as merchantRoutes } from './merchant/routes.ts'
import { routes as reliefRoutes } from './relief/routes.ts'
import { routes as reliefDeskRoutes } from './relief-desk/routes.ts'
import { t as shellText } from './shell/texts.ts'
import { routes as shopRoutes } from './shop/routes.ts'
import { routes as studioRoutes } from './studio/routes.ts'
import { pageTitle } from './ui/page-title.ts'
import { knowMe } from './ui/session.ts'
import { toast } from './ui/toast.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Name of the page: in the browser's tab, and in the bar of a phone. */
    title?: Pair
    /** One of the four main pages, with the tabs at the foot of a phone. */
    tabs?: boolean
    /** A main page that shows its name in the bar in place of the sign of the house. */
    plainBar?: boolean
    /** Draws everything itself, without the shop's bars: the room, the studio, the desk. */
    bare?: boolean
    /** Only for someone who is signed in; others are asked to and come back. */
    needsMe?: boolean
    /** Works without a network: a line that hangs does not keep it from opening. */
    worksOffline?: boolean
    /** A new address of the same route is a new page. */
    keyed?: boolean
  }
}

/** How long a page that works offline waits to know who is signed in. */
const HANGING_LINE_MS = 1_500
const soon = () => new Promise<undefined>((resolve) => window.setTimeout(resolve, HANGING_LINE_MS))

const routes: RouteRecordRaw[] = [
  ...shopRoutes,
  ...liveRoutes,
  ...studioRoutes,
  ...deskRoutes,
  ...eveningRoutes,
  ...inspectRoutes,
  ...aidRoutes,
  ...audienceRoutes,
  ...reliefRoutes,
  ...reliefDeskRoutes,
  ...merchantRoutes,
  {
    path: '/:rest(.*)*',
    name: 'lost',
    component: () => import('./shell/lost-page.vue'),
    meta: { title: ['没有这个页面', 'Not found'] },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  if (to.meta.needsMe !== true) return true
  // Without a network it is not known who is signed in: the page itself then says what is wrong and offers a retry.
  const asked = knowMe().catch(() => undefined)
  const known = await (to.meta.worksOffline === true ? Promise.race([asked, soon()]) : asked)
  return known === null ? { name: 'sign-in', query: { next: to.fullPath } } : true
})

router.afterEach((to, from) => {
  const title = to.meta.title
  if (title !== undefined) pageTitle.value = title[locale.value === 'zh' ? 0 : 1]
  if (from.matched.length > 0 && to.path !== from.path) document.getElementById('main')?.focus({ preventScroll: true })
})

// After an update the files of the old build are gone: the page is fetched anew at the address that was wanted, once.
router.onError((error, to) => {
  const gone = /dynamically imported module|module script failed|Failed to fetch/i.test(String(error))
  const key = `chunbo.reloaded:${to.fullPath}`
  if (!gone) return
  // Without a network the page that is open, and what was typed into it, is worth more than a page that cannot come.
  if (!navigator.onLine || sessionStorage.getItem(key) !== null) {
    toast(shellText('pageMissing'), 'offline')
    return
  }
  sessionStorage.setItem(key, '1')
  window.location.assign(to.fullPath)
})
