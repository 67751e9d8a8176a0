import type { County } from '@chunbo/contract/counties'
import type { Me } from '@chunbo/contract/identity'
import { read } from '../ui/api.ts'

export interface HostCounty {
  code: number
  name: string
}

/** Counties in whose name the person may go on air, from the grants of the host team; empty for one who may in all. */
export async function loadHostCounties(me: Me | null, signal: AbortSignal): Promise<HostCounty[]> {
  const codes = (me?.grants ?? []).flatMap((grant) =>
    grant.role === 'host' && grant.countyCode ? [grant.countyCode] : [],
  )
  return Promise.all(
    [...new Set(codes)].map(async (code) => {
      const county = await read<County>(`/api/counties/${code}`, { signal })
      return { code, name: county.place?.county ?? county.name }
    }),
  )
}
