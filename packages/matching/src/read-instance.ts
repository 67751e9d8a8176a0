import { Value } from 'typebox/value'
import { Instance } from './instance.ts'

/** The file is no instance. `problems` says at which place and why, at most twenty. */
export class InstanceError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`not an instance: ${problems.join('; ')}`)
    this.name = 'InstanceError'
    this.problems = problems
  }
}

const problemsMax = 20

/** What a schema cannot say: names are unique and known, days lists have the right length, windows are in order. */
function contradictions(instance: Instance): string[] {
  const problems: string[] = []
  const alertIds = new Set<string>()
  const merchantIds = new Set<string>()
  instance.alerts.forEach(({ id, pickFrom, pickTo }, index) => {
    if (alertIds.has(id)) problems.push(`/alerts/${index}/id: "${id}" is there twice`)
    if (pickTo < pickFrom) problems.push(`/alerts/${index}/pickTo: is before pickFrom`)
    alertIds.add(id)
  })
  instance.merchants.forEach(({ id, capacityG }, index) => {
    if (merchantIds.has(id)) problems.push(`/merchants/${index}/id: "${id}" is there twice`)
    if (Array.isArray(capacityG) && capacityG.length !== instance.days)
      problems.push(`/merchants/${index}/capacityG: has ${capacityG.length} days, not ${instance.days}`)
    merchantIds.add(id)
  })
  for (const list of ['frozen', 'excluded'] as const) {
    instance[list].forEach(({ alertId, merchantId }, index) => {
      if (!alertIds.has(alertId)) problems.push(`/${list}/${index}/alertId: there is no alert "${alertId}"`)
      if (!merchantIds.has(merchantId))
        problems.push(`/${list}/${index}/merchantId: there is no merchant "${merchantId}"`)
    })
  }
  instance.frozen.forEach(({ day }, index) => {
    if (day >= instance.days) problems.push(`/frozen/${index}/day: is after the last day ${instance.days - 1}`)
  })
  if (Number.isNaN(Date.parse(`${instance.startDay}T00:00:00Z`))) problems.push('/startDay: is no day')
  return problems
}

/**
 * Checks what came from a file or from another program and gives it back as an instance. Throws InstanceError with the
 * places that are wrong: floats, negative numbers, unknown fields, names that are missing or double.
 */
export function readInstance(value: unknown): Instance {
  if (!Value.Check(Instance, value)) {
    const errors = Value.Errors(Instance, value)
    const problems = errors
      .slice(0, problemsMax)
      .map(({ instancePath, message }) => `${instancePath || '/'}: ${message}`)
    throw new InstanceError(problems)
  }
  const problems = contradictions(value)
  if (problems.length > 0) throw new InstanceError(problems.slice(0, problemsMax))
  return value
}
