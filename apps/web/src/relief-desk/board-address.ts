import { type Ref, ref } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

/** The board as it was last looked at, filter and all: the way back from a case or the map leads there. */
export const boardAddress: Ref<RouteLocationRaw> = ref('/relief-desk')
