const KEY = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,300}$/

/** @throws RangeError when a key is not a relative path of plain characters */
export function requireStorageKey(key: string): void {
  if (!KEY.test(key)) throw new RangeError(`not a storage key: ${key.slice(0, 80)}`)
}
