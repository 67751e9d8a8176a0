import type { RouteRecordRaw } from 'vue-router'

/** The inspector's app, which works without a network, and the certificates that come of it. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/inspect',
    component: () => import('./app-pages.ts').then((pages) => pages.ListPage),
    meta: { needsMe: true, worksOffline: true, bare: true, title: ['验货', 'Inspections'] },
  },
  {
    path: '/inspect/:id([0-9a-fA-F-]{36})',
    component: () => import('./app-pages.ts').then((pages) => pages.InspectionPage),
    meta: { needsMe: true, worksOffline: true, bare: true, title: ['验货', 'Inspection'] },
  },
  {
    path: '/certificates/:number(HG[0-9]{8}-[0-9A-F]{10})',
    component: () => import('./certificate-page.vue'),
    meta: { title: ['承诺达标合格证', 'Certificate of conformity'] },
  },
]
