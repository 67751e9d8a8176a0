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
    component: () => import('./frame/desk-page.vue'),
    props: roomProps,
    meta: { needsMe: true, bare: true, title: ['直播中控台', 'Live desk'] },
  },
  {
    path: '/desk/:roomId(\\d+)/prompter',
    component: () => import('./run/prompter-page.vue'),
    props: roomProps,
    meta: { needsMe: true, bare: true, title: ['提词器', 'Teleprompter'] },
  },
  {
    path: '/desk/:roomId(\\d+)/camera',
    component: () => import('../on-air/camera-page.vue'),
    // `?via=recorder` shows how it goes on a browser that cannot encode by itself.
    props: (route) => ({
      ...roomProps(route),
      via: route.query.via === 'recorder' ? ('recorder' as const) : undefined,
    }),
    meta: { needsMe: true, bare: true, title: ['用这台设备开播', 'Go live from this device'] },
  },
  {
    path: '/operator',
    component: () => import('./operator-page.vue'),
    meta: { needsMe: true, title: ['权限与店铺', 'Roles and shops'] },
  },
  {
    path: '/operator/recordings',
    component: () => import('./keeping/recordings-page.vue'),
    meta: { needsMe: true, title: ['录像保存', 'Recordings'] },
  },
  { path: '/demo', component: () => import('./demo-page.vue'), meta: { title: ['这是一个演示', 'Demonstration'] } },
  { path: '/demo/codes', redirect: '/demo' },
]
