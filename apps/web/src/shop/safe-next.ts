/** Where to go after sign-in: a path of this site, or `otherwise`. An address of another site is never followed. */
export function safeNext(next: unknown, otherwise = '/'): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : otherwise
}
