import { randomInt } from 'node:crypto'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The secret of a report's link: 20 letters and digits, 103 bits, so that nobody finds another's by trying. */
export const makeToken = (): string => Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
