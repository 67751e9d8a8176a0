import type { RouteRecordRaw } from 'vue-router'

/** How a glut is reported and what becomes of it, for who reported it; and the desk's ways to report for others. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/relief/report',
    name: 'relief-report',
    component: () => import('./report-page.vue'),
    meta: { title: ['滞销上报', 'Report unsold produce'] },
  },
  {
    path: '/relief/track/:token([a-z0-9]{20})',
    name: 'relief-track',
    component: () => import('./track-page.vue'),
    props: true,
    meta: { title: ['上报进展', 'Where it stands'], keyed: true },
  },
  {
    path: '/relief/phone',
    name: 'relief-phone',
    component: () => import('./phone-page.vue'),
    meta: { needsMe: true, title: ['代报滞销', 'Report for others'] },
  },
]
