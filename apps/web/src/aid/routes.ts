import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const caseProps = (route: RouteLocationNormalizedLoaded) => ({ caseId: Number(route.params.id) })

/** The aid page for buyers, and the desk's way there. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/aid',
    name: 'aid',
    component: () => import('./aid-page.vue'),
    meta: { title: ['爱心助农', 'Love aid'] },
  },
  {
    path: '/aid/:id(\\d+)',
    component: () => import('./aid-case-page.vue'),
    meta: { title: ['爱心助农', 'Love aid'], keyed: true },
  },
  {
    path: '/relief-desk/cases/:id(\\d+)/fast-track',
    component: () => import('./fast-track-page.vue'),
    props: caseProps,
    meta: { needsMe: true, bare: true, keyed: true, title: ['快速上架', 'Fast track'] },
  },
]
