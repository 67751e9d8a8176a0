import { texts } from '../i18n/index.ts'

export const t = texts({
  skip: ['跳到正文', 'Skip to content'],
  home: ['首页', 'Home'],
  live: ['直播', 'Live'],
  counties: ['各县', 'Counties'],
  cart: ['购物车', 'Cart'],
  cartWith: ['购物车，{n} 件', 'Cart, {n} item|Cart, {n} items'],
  me: ['我的', 'Me'],
  signIn: ['登录', 'Sign in'],
  studio: ['店铺后台', 'Studio'],
  desk: ['中控台', 'Desk'],
  back: ['返回', 'Back'],
  nav: ['主导航', 'Main'],
  pageMissing: ['那一页没打开，请看看网络再点一次', 'That page did not open. Check the network and tap again'],
  offline: ['没有网络，看到的内容可能不是最新的', 'You are offline; what you see may not be the latest'],
  ended: ['登录已过期', 'Your sign-in has ended'],
  again: ['重新登录', 'Sign in again'],
  reportGlut: ['东西卖不掉？告诉我们', 'Produce without a buyer? Tell us'],
  foot: ['春播是开源软件，任何人都可以运行。', 'Chunbo is open software that anyone can run.'],
  openData: ['公开接口', 'Open API'],
  lost: ['没有这个页面', 'There is no such page'],
  lostText: [
    '链接可能写错了，或者这里的内容已经下架。',
    'The link may be wrong, or what was here has been taken down.',
  ],
  toHome: ['回首页', 'Go home'],
})
