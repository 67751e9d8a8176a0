import { computed } from 'vue'
import { me } from '../ui/session.ts'

/** Whether the person sits at the desk itself; a commissioner sees the cases of the county and says whether they are true. */
export const isDesk = computed(
  () => me.value?.grants.some((grant) => grant.role === 'relief_desk' || grant.role === 'operator') ?? false,
)
