import { ref, watchEffect } from 'vue'
import { readChoice, writeChoice } from '../i18n/stored-choice.ts'

/** Large type, for elderly hands and a phone in the sun. Kept on this device. */
export const largeType = ref(readChoice('type') === 'large')

watchEffect(() => {
  if (largeType.value) document.documentElement.dataset.type = 'large'
  else delete document.documentElement.dataset.type
})

export function setLargeType(on: boolean): void {
  largeType.value = on
  writeChoice('type', on ? 'large' : 'normal')
}
