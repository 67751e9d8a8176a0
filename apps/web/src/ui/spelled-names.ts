import { shallowRef } from 'vue'

/**
 * Names of divisions as English readers spell them, by their Chinese name; empty while the page is Chinese or they are
 * still on their way (30 kB, asked for only by English pages). A value is "Jingdong|Yi Autonomous County".
 */
export const spelledNames = shallowRef<Readonly<Record<string, string>>>({})

/** The whole name: "Jingdong Yi Autonomous County"; the Chinese one where no other is known. */
export const fullName = (name: string): string => spelledNames.value[name]?.replace('|', ' ') ?? name

/** The short spelled name, "Jingdong", or null where none is known. One syllable alone says little: "Li County" stays whole. */
export function shortSpelled(name: string): string | null {
  const [short = '', rest] = spelledNames.value[name]?.split('|') ?? []
  if (short === '') return null
  return rest !== undefined && short.length <= 3 ? `${short} ${rest}` : short
}
