import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/live',
    name: 'live',
    component: () => import('./live-page.vue'),
    meta: { title: ['直播', 'Live'], tabs: true, plainBar: true },
  },
  {
    path: '/rooms/:id(\\d+)',
    name: 'room',
    component: () => import('./room-page.vue'),
    meta: { title: ['直播间', 'Live room'], bare: true },
  },
]
