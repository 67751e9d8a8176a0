import type { RouteLocationNormalizedLoaded, RouteRecordRaw } from 'vue-router'

const shopIdOf = (route: RouteLocationNormalizedLoaded) => Number(route.params.shopId)
const shopProps = (route: RouteLocationNormalizedLoaded) => ({ shopId: shopIdOf(route) })
/** A number of the path, or null for "new". */
const numberOf = (route: RouteLocationNormalizedLoaded, name: string) =>
  route.params[name] === undefined ? null : Number(route.params[name])

/** Pages of the studio. Inside a shop they bring their own navigation, so the bars of the buyers' side stay away (`bare`). */
export const routes: RouteRecordRaw[] = [
  {
    path: '/studio',
    component: () => import('./my-shops-page.vue'),
    meta: { needsMe: true, title: ['我的店铺', 'My shops'] },
  },
  {
    path: '/studio/:shopId(\\d+)/packing',
    component: () => import('./packing-page.vue'),
    props: shopProps,
    meta: { needsMe: true, bare: true, title: ['卖货工作台', 'Studio'] },
  },
  {
    path: '/studio/:shopId(\\d+)',
    component: () => import('./studio-frame.vue'),
    props: shopProps,
    meta: { needsMe: true, bare: true, title: ['卖货工作台', 'Studio'] },
    children: [
      { path: '', component: () => import('./start-page.vue'), props: shopProps },
      { path: 'lots', component: () => import('./lots-page.vue'), props: shopProps },
      {
        path: 'lots/new',
        component: () => import('./lot-form-page.vue'),
        props: (route) => ({ shopId: shopIdOf(route), lotId: null }),
      },
      {
        path: 'lots/:lotId(\\d+)',
        component: () => import('./lot-form-page.vue'),
        props: (route) => ({ shopId: shopIdOf(route), lotId: numberOf(route, 'lotId') }),
      },
      { path: 'skus', component: () => import('./skus-page.vue'), props: shopProps },
      {
        path: 'skus/new',
        component: () => import('./sku-form-page.vue'),
        props: (route) => ({ shopId: shopIdOf(route), skuId: null, lotId: Number(route.query.lot) || null }),
      },
      {
        path: 'skus/:skuId(\\d+)',
        component: () => import('./sku-form-page.vue'),
        props: (route) => ({ shopId: shopIdOf(route), skuId: numberOf(route, 'skuId'), lotId: null }),
      },
      { path: 'shop', component: () => import('./shop-form-page.vue'), props: shopProps },
      { path: 'orders', component: () => import('./orders-page.vue'), props: shopProps },
    ],
  },
]
