import { describeError, toApiError } from '../../ui/api-error.ts'
import { toast } from '../../ui/toast.ts'
import type { Section } from './use-section.ts'

/** Does something on the server and says in words when it failed; true when it went through. */
export async function act(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (cause) {
    toast(describeError(toApiError(cause)), 'warning')
    return false
  }
}

/**
 * Shows at once what a change will make of a section, and then what the server answered. When it failed the section is read again, for
 * an answer that never came may still have been a change. `guess` undefined waits for the server.
 */
export async function actOn<T>(section: Section<T>, guess: T | undefined, work: () => Promise<T>): Promise<boolean> {
  if (guess !== undefined) section.put(guess)
  const went = await act(async () => section.put(await work()))
  if (!went) await section.reload()
  return went
}
