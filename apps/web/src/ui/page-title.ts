import { ref, watchEffect } from 'vue'
import { locale } from '../i18n/index.ts'

/** What the browser's tab says before the name of the house. */
export const pageTitle = ref('')

watchEffect(() => {
  const house = locale.value === 'zh' ? '春播' : 'Chunbo'
  document.title = pageTitle.value === '' ? house : `${pageTitle.value} · ${house}`
})
