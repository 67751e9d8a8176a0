import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./home-page.vue'), meta: { title: ['', ''], tabs: true } },
  {
    path: '/goods/:id(\\d+)',
    name: 'goods',
    component: () => import('./goods-page.vue'),
    meta: { title: ['商品', 'Goods'], keyed: true },
  },
  {
    path: '/counties',
    name: 'counties',
    component: () => import('./counties-page.vue'),
    meta: { title: ['各县', 'Counties'] },
  },
  {
    path: '/counties/:code(\\d{6})',
    name: 'county',
    component: () => import('./county-page.vue'),
    meta: { title: ['县', 'County'], keyed: true },
  },
  {
    path: '/shops/:id(\\d+)',
    name: 'shop',
    component: () => import('./shop-page.vue'),
    meta: { title: ['店铺', 'Shop'], keyed: true },
  },
  {
    path: '/cart',
    name: 'cart',
    component: () => import('./cart-page.vue'),
    meta: { title: ['购物车', 'Cart'], tabs: true, plainBar: true },
  },
  {
    path: '/checkout',
    name: 'checkout',
    component: () => import('./checkout-page.vue'),
    meta: { title: ['确认订单', 'Checkout'], needsMe: true },
  },
  {
    path: '/orders',
    name: 'orders',
    component: () => import('./orders-page.vue'),
    meta: { title: ['我的订单', 'My orders'], needsMe: true },
  },
  {
    path: '/orders/:shopId(\\d+)/:orderId(\\d+)',
    name: 'order',
    component: () => import('./order-page.vue'),
    meta: { title: ['订单详情', 'Order'], needsMe: true, keyed: true },
  },
  {
    path: '/paid/:checkoutId',
    name: 'paid',
    component: () => import('./paid-page.vue'),
    meta: { title: ['支付结果', 'Payment'], needsMe: true },
  },
  {
    path: '/me',
    name: 'me',
    component: () => import('./me-page.vue'),
    meta: { title: ['我的', 'Me'], tabs: true, plainBar: true },
  },
  {
    path: '/me/addresses',
    name: 'addresses',
    component: () => import('./addresses-page.vue'),
    meta: { title: ['收货地址', 'Addresses'], needsMe: true },
  },
  {
    path: '/me/coupons',
    name: 'coupons',
    component: () => import('./coupons-page.vue'),
    meta: { title: ['优惠券', 'Coupons'], needsMe: true },
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./sign-in-page.vue'),
    meta: { title: ['登录', 'Sign in'] },
  },
]
