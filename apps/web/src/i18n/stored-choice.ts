/**
 * Choices of this device (language, size of type), kept in a cookie and not in localStorage: the server reads the language when it
 * writes title and share texts into the page.
 */
const YEAR_S = 31_536_000

export function readChoice(name: string): string | undefined {
  for (const part of document.cookie.split(';')) {
    const [key, value] = part.trim().split('=')
    if (key === name) return value
  }
  return undefined
}

export function writeChoice(name: string, value: string): void {
  const line = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`
  Reflect.set(document, 'cookie', line)
}
