import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const caseProps = (route: RouteLocationNormalizedLoaded) => ({ caseId: Number(route.params.id) })

/** Pages of the relief desk, in a frame of their own (`bare`). What the board shows stands in the query of its address. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/relief-desk',
    component: () => import('./desk-frame.vue'),
    meta: { needsMe: true, bare: true, title: ['助农专线', 'Relief desk'] },
    children: [
      { path: '', name: 'relief-board', component: () => import('./board-page.vue') },
      { path: 'map', component: () => import('./map-page.vue') },
      { path: 'merchants', component: () => import('./merchants-page.vue') },
      { path: 'measures', component: () => import('./measures-page.vue') },
      { path: 'cases/:id(\\d+)', component: () => import('./case-page.vue'), props: caseProps },
    ],
  },
]
