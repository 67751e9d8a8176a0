import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { prefersEnglish } from './problem.ts'

export interface PageDescription {
  readonly title: string
  readonly description?: string
  /** Path of a share picture on this site. */
  readonly image?: string
  /** Answers of the API that the first screen needs, by path, so that the page needs no second trip. */
  readonly data?: Record<string, unknown>
}

/** Tells what the server puts into the head of a page of the web app: title, share tags, first data. */
export interface PageHead {
  readonly path: RegExp
  /** Null when there is no such thing: the page is still served, with status 404. */
  describe(match: RegExpExecArray, locale: 'zh' | 'en'): Promise<PageDescription | null>
}

/** Digests of the inline elements of a page of ours, as a policy names them. */
function inlineDigests(html: string, element: 'script' | 'style'): string {
  const bodies = [...html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))]
  return bodies
    .map(
      (match) =>
        ` 'sha256-${createHash('sha256')
          .update(match[1] ?? '')
          .digest('base64')}'`,
    )
    .join('')
}

/**
 * What a page may load: our own files and what stands in the page as it was built, but nothing that somebody could write
 * into it. Data in a script element needs no leave, for it does not run. blob: is for the player, which works in a worker
 * of its own making and feeds the video element itself. Old Safari does not count a WebSocket of the same host as 'self',
 * so it is named too. `mediaOrigin` is that of a media cluster that carries the video.
 */
function contentSecurityPolicy(publicUrl: string, html: string, mediaOrigin: string): string {
  const socketOrigin = new URL(publicUrl).origin.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    `script-src 'self'${inlineDigests(html, 'script')}`,
    `style-src 'self'${inlineDigests(html, 'style')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `media-src 'self' blob: ${mediaOrigin}`.trimEnd(),
    `connect-src 'self' ${socketOrigin} ${mediaOrigin}`.trimEnd(),
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
/** JSON inside a script element: "<" must not be able to close it. */
const embedJson = (data: unknown) => JSON.stringify(data).replace(/</g, '\\u003c')

function fillHead(template: string, page: PageDescription, publicUrl: string, locale: string): string {
  const title = escapeHtml(page.title)
  const description = escapeHtml(page.description ?? '')
  const tags = [
    `<title>${title}</title>`,
    `<meta name="description" content="${description}">`,
    `<meta property="og:title" content="${title}">`,
    `<meta property="og:description" content="${description}">`,
    page.image ? `<meta property="og:image" content="${escapeHtml(publicUrl + page.image)}">` : '',
    page.data ? `<script id="first-data" type="application/json">${embedJson(page.data)}</script>` : '',
  ].join('')
  return template
    .replace(/<html lang="[^"]*"/, `<html lang="${locale === 'en' ? 'en' : 'zh-CN'}"`)
    .replace(/<title>[^<]*<\/title>/, () => tags)
}

/**
 * Serves the built web app from `dir`: hashed assets for a year, the page itself fresh, and every other path that is not
 * the API as the page (the router is in the browser).
 */
export async function mountWebApp(
  app: FastifyInstance,
  dir: string,
  pages: readonly PageHead[],
  publicUrl: string,
  mediaUrl: string | null = null,
): Promise<void> {
  const indexPath = join(dir, 'index.html')
  if (!existsSync(indexPath)) return
  const template = readFileSync(indexPath, 'utf8')
  // A mark for the room stands in the path, never in the host.
  const mediaOrigin = mediaUrl === null ? '' : new URL(mediaUrl.replace(/\{[a-z]+\}/g, 'x')).origin
  const policy = contentSecurityPolicy(publicUrl, template, mediaOrigin)
  await app.register(fastifyStatic, {
    root: dir,
    index: false,
    wildcard: false,
    serveDotFiles: false,
    preCompressed: true,
    setHeaders: (response, path) => {
      const hashed = path.includes('/assets/')
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=60')
      const page = /^(.+\.html)(?:\.br|\.gz)?$/.exec(path)?.[1]
      if (page)
        response.header(
          'content-security-policy',
          contentSecurityPolicy(publicUrl, readFileSync(page, 'utf8'), mediaOrigin),
        )
    },
  })
  app.get('/*', { schema: { hide: true }, config: { who: 'anyone', quiet: true } }, async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (path.startsWith('/api/') || path.startsWith('/media/') || path.startsWith('/assets/'))
      return reply.callNotFound()
    const cookie = /(?:^|;\s*)locale=(zh|en)/.exec(request.headers.cookie ?? '')?.[1]
    const locale = (cookie ?? (prefersEnglish(request.headers['accept-language']) ? 'en' : 'zh')) as 'zh' | 'en'
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('vary', 'cookie, accept-language')
      .header('content-security-policy', policy)
    for (const page of pages) {
      const match = page.path.exec(path)
      if (!match) continue
      const described = await page.describe(match, locale)
      if (described) return fillHead(template, described, publicUrl, locale)
      return reply.code(404).send(template)
    }
    return fillHead(template, { title: locale === 'en' ? 'Chunbo' : '春播' }, publicUrl, locale)
  })
}
