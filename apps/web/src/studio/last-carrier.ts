import { ref } from 'vue'

/** The carrier that was chosen last in this visit: a code of CARRIERS, or 'other'. */
export const lastCarrier = ref('sf')
