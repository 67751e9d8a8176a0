import type { Parsed } from './parse-decimal.ts'
import { studioText } from './texts.ts'

/** What to tell a person whose number could not be taken; undefined when it could and is above zero. */
export function numberTrouble(parsed: Parsed, kind: 'mass' | 'money' | 'count'): string | undefined {
  if (parsed.ok) return parsed.value > 0 ? undefined : studioText('aboveZero')
  switch (parsed.why) {
    case 'empty':
      return studioText('required')
    case 'not_a_number':
      return studioText('notNumber')
    case 'too_large':
      return studioText('tooLarge')
    case 'too_fine':
      return studioText(kind === 'mass' ? 'tooFineMass' : kind === 'money' ? 'tooFineMoney' : 'wholeNumber')
  }
}
