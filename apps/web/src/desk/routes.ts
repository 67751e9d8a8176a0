import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const roomProps = (route: RouteLocationNormalizedLoaded) => ({ roomId: Number(route.params.roomId) })

/** The control desk, the operator's page and the page that says what a demonstration is. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    component: () => import('./rooms-page.vue'),
    meta: { needsMe: true, title: ['我的直播', 'My live rooms'] },
  },
  {
    path: '/desk/new',
    component: () => import('./room-form-page.vue'),
    props: { roomId: null },
    meta: { needsMe: true, title: ['安排一场直播', 'Schedule a room'] },
  },
  {
    path: '/desk/:roomId(\\d+)/edit',
    component: () => import('./room-form-page.vue'),
    props: roomProps,
    meta: { needsMe: true, title: ['修改直播', 'Edit room'] },
  },
  {
    path: '/desk/:roomId(\\d+)',
    component: () => import('./desk-page.vue'),
    props: roomProps,
    meta: { needsMe: true, bare: true, title: ['直播中控台', 'Live desk'] },
  },
  {
    path: '/operator',
    component: () => import('./operator-page.vue'),
    meta: { needsMe: true, title: ['权限与店铺', 'Roles and shops'] },
  },
  { path: '/demo', component: () => import('./demo-page.vue'), meta: { title: ['这是一个演示', 'Demonstration'] } },
  { path: '/demo/codes', redirect: '/demo' },
]
