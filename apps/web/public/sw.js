/**
 * The service worker does two things and no more: files with a hash in their name are kept (they never change), and a page that cannot be
 * fetched becomes the offline page. The API, the video and the pages themselves are never answered from here, so nobody ever sees an
 * old price.
 */
const SHELL = 'chunbo-shell-1'
const ASSETS = 'chunbo-assets-1'
const ASSETS_MAX = 120

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(['/offline.html', '/icon.svg']))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const keep = [SHELL, ASSETS]
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !keep.includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

async function fromAssets(request) {
  const cache = await caches.open(ASSETS)
  const kept = await cache.match(request)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok && fresh.status === 200) {
    await cache.put(request, fresh.clone())
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - ASSETS_MAX)).map((key) => cache.delete(key)))
  }
  return fresh
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromAssets(request))
  else if (url.pathname === '/icon.svg')
    event.respondWith(caches.match('/icon.svg').then((kept) => kept || fetch(request)))
  else if (request.mode === 'navigate' && !url.pathname.startsWith('/api/')) {
    event.respondWith(fetch(request).catch(() => caches.match('/offline.html')))
  }
})
