import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/me/notices',
    name: 'notices',
    component: () => import('./notices-page.vue'),
    meta: { title: ['通知和关注', 'Notices and follows'], needsMe: true },
  },
  {
    path: '/me/age',
    name: 'age',
    component: () => import('./age-page.vue'),
    meta: { title: ['出生年月', 'Month of birth'], needsMe: true },
  },
]
