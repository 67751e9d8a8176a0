import type { CountyFollow } from '@chunbo/contract/audience'
import { send } from '../ui/api.ts'

/** Follows a county, or no longer. Throws ApiError. */
export const setFollow = (countyCode: number, on: boolean) =>
  send<CountyFollow>(on ? 'PUT' : 'DELETE', `/api/counties/${countyCode}/follow`, {})
