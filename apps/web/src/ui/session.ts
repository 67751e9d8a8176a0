import type { Me } from '@chunbo/contract/identity'
import { computed, ref, shallowRef } from 'vue'
import { listenSignedOut, read, send } from './api.ts'

/** Who is signed in here: undefined until asked, null for nobody. */
export const me = shallowRef<Me | null | undefined>(undefined)
/** The sign-in ended while the page was open; the pages that need it say so and keep what was entered. */
export const sessionEnded = ref(false)

let asking: Promise<Me | null> | null = null

async function ask(): Promise<Me | null> {
  return (await read<{ me: Me | null }>('/api/auth/get-session')).me
}

/** Asks once who is signed in. A network failure leaves it open, so that the next look asks again. */
export async function knowMe(): Promise<Me | null> {
  if (me.value !== undefined) return me.value
  asking ??= ask()
  try {
    me.value = await asking
    return me.value
  } finally {
    asking = null
  }
}

/** Someone has just signed in: the server's answer says who. */
export function signedIn(who: Me): void {
  me.value = who
  sessionEnded.value = false
}

/** Where each role does its work, the first that somebody holds; a buyer's place is the shop. */
const workPlaces = [
  ['relief_desk', '/relief-desk'],
  ['inspector', '/inspect'],
  ['merchant', '/merchant'],
  ['shop', '/studio'],
  ['host', '/desk'],
  ['commissioner', '/studio'],
  ['operator', '/operator'],
] as const

/** Where someone who has just signed in, and was on the way to nowhere else, wants to be. */
export function workPlace(who: Me): string {
  return workPlaces.find(([role]) => who.grants.some((grant) => grant.role === role))?.[1] ?? '/'
}

export async function signOut(): Promise<void> {
  await send('POST', '/api/auth/sign-out', {})
  me.value = null
  sessionEnded.value = false
}

listenSignedOut(() => {
  if (me.value) sessionEnded.value = true
  me.value = null
})

/** Whether the person works in a shop or may open one. */
export const worksInStudio = computed(() => hasRole('shop', 'commissioner', 'operator'))
/** Whether the person may run a room. */
export const worksAtDesk = computed(() => hasRole('host', 'operator'))

/** Whether the person works on gluts: at the relief desk, or in a county of theirs. */
export const worksAtRelief = computed(() => hasRole('relief_desk', 'commissioner', 'operator'))

/** Whether the person acts for a merchant. */
export const worksAsMerchant = computed(() => hasRole('merchant'))

function hasRole(...roles: readonly string[]): boolean {
  return me.value?.grants.some((grant) => roles.includes(grant.role)) ?? false
}
