/** Where to go after sign-in: a path of this site, or the home page. An address of another site is never followed. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
