import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const merchantProps = (route: RouteLocationNormalizedLoaded) => ({ merchantId: Number(route.params.merchantId) })

/** Pages of those who fetch the goods: phone first, since most of them are on the road. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/merchant',
    component: () => import('./start-page.vue'),
    props: (route) => ({ wanted: Number(route.query.m) || null }),
    meta: { needsMe: true, title: ['我的派单', 'My offers'] },
  },
  {
    path: '/merchant/new',
    component: () => import('./profile-page.vue'),
    props: { merchantId: null },
    meta: { needsMe: true, title: ['商家资料', 'Profile'] },
  },
  {
    path: '/merchant/:merchantId(\\d+)/profile',
    component: () => import('./profile-page.vue'),
    props: merchantProps,
    meta: { needsMe: true, title: ['商家资料', 'Profile'] },
  },
  {
    path: '/merchant/:merchantId(\\d+)/prices',
    component: () => import('./prices-page.vue'),
    props: merchantProps,
    meta: { needsMe: true, title: ['收购价', 'Prices'] },
  },
  {
    path: '/merchant/:merchantId(\\d+)/papers',
    component: () => import('./papers-page.vue'),
    props: merchantProps,
    meta: { needsMe: true, title: ['证件', 'Papers'] },
  },
]
