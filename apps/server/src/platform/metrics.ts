import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export { Counter, Gauge, Histogram } from 'prom-client'
export type Metrics = Registry

/** A registry of its own for each application, so that tests can build several in one process. */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process !== false) collectDefaultMetrics({ register: registry, prefix: 'chunbo_' })
  return registry
}

/** A gauge that is read when it is asked for. */
export function gaugeOf(metrics: Metrics, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [metrics],
    collect() {
      this.set(read())
    },
  })
}
