/**
 * The service worker does three things and no more: files with a hash in their name are kept (they never change), a page that cannot be
 * fetched becomes the offline page, and the inspector's app opens without a network from the page and files that it asked to be kept.
 * The API, the video and all other pages are never answered from here, so nobody ever sees an old price.
 */
const SHELL = 'chunbo-shell-1'
const ASSETS = 'chunbo-assets-1'
const ASSETS_MAX = 120
/** The inspector's page with its files, of one build: fetched as a whole, put in the place of the one before. */
const FIELD = 'chunbo-field-1'
const FIELD_FILES_MAX = 200
/** In the hills a line hangs rather than breaks: the kept page is shown after this long. */
const FIELD_WAIT_MS = 4000

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(['/offline.html', '/icon.svg']))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const keep = [SHELL, ASSETS, FIELD]
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !keep.includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

async function fromAssets(request) {
  const cache = await caches.open(ASSETS)
  const kept = (await cache.match(request)) || (await (await caches.open(FIELD)).match(request))
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok && fresh.status === 200) {
    await cache.put(request, fresh.clone())
    const keys = await cache.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - ASSETS_MAX)).map((key) => cache.delete(key)))
  }
  return fresh
}

const isField = (path) => path === '/inspect' || path.startsWith('/inspect/')

/** Keeps the page and its files, or leaves what was kept before as it is when one of them cannot be had. */
async function keepField(page, assets) {
  const fresh = await fetch(page)
  if (!fresh.ok || fresh.redirected) throw new Error('no page to keep')
  const bodies = await Promise.all(
    assets.map(async (url) => {
      const response = (await caches.match(url)) || (await fetch(url))
      if (!response.ok) throw new Error(`no file at ${url}`)
      return [url, response]
    }),
  )
  const cache = await caches.open(FIELD)
  await Promise.all(bodies.map(([url, response]) => cache.put(url, response)))
  await cache.put('/inspect', fresh)
  const wanted = new Set([...assets, new URL('/inspect', self.location.origin).href])
  const keys = await cache.keys()
  await Promise.all(keys.filter((key) => !wanted.has(key.url)).map((key) => cache.delete(key)))
}

self.addEventListener('message', (event) => {
  const { keep, assets } = event.data ?? {}
  const own = (url) => typeof url === 'string' && url.startsWith(`${self.location.origin}/assets/`)
  if (keep !== '/inspect' || !Array.isArray(assets) || assets.length > FIELD_FILES_MAX || !assets.every(own)) return
  event.waitUntil(
    keepField('/inspect', assets)
      // Without a network what was kept before is still there.
      .catch(() => {})
      .then(async () => (await caches.open(FIELD)).match('/inspect'))
      .then((kept) => event.ports[0]?.postMessage(kept ? 'kept' : 'failed')),
  )
})

async function fieldPage(request) {
  const kept = await (await caches.open(FIELD)).match('/inspect')
  if (!kept) return fetch(request).catch(() => caches.match('/offline.html'))
  return fetch(request, { signal: AbortSignal.timeout(FIELD_WAIT_MS) }).catch(() => kept)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromAssets(request))
  else if (url.pathname === '/icon.svg')
    event.respondWith(caches.match('/icon.svg').then((kept) => kept || fetch(request)))
  else if (request.mode === 'navigate' && isField(url.pathname)) event.respondWith(fieldPage(request))
  else if (request.mode === 'navigate' && !url.pathname.startsWith('/api/')) {
    event.respondWith(fetch(request).catch(() => caches.match('/offline.html')))
  }
})
