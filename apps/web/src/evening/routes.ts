import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const roomProps = (route: RouteLocationNormalizedLoaded) => ({ roomId: Number(route.params.roomId) })

/** What became of a show: its report, and the big screen for the wall while it runs. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/evening/:roomId(\\d+)',
    component: () => import('./report-page.vue'),
    props: roomProps,
    meta: { needsMe: true, title: ['直播报告', 'Report of the show'] },
  },
  {
    path: '/screen/:roomId(\\d+)',
    component: () => import('./screen-page.vue'),
    props: roomProps,
    meta: { needsMe: true, bare: true, title: ['数据大屏', 'Big screen'] },
  },
]
