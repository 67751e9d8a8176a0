import type { BatchReport, CheckoutOutcome } from '@chunbo/order-batch'
import { Counter, Gauge, Histogram, type Metrics } from '../platform/metrics.ts'

export interface OrderMeters {
  /** Takes what each batch reports. */
  onBatch(report: BatchReport): void
  decided(outcome: CheckoutOutcome['kind'] | 'busy'): void
}

/** Meters of the order queue. */
export function orderMeters(metrics: Metrics, depth: () => number): OrderMeters {
  const registers = [metrics]
  const outcomes = new Counter({
    name: 'chunbo_checkouts_total',
    help: 'Checkouts that were decided, by how; busy: refused because the queue was full or closing',
    labelNames: ['outcome'] as const,
    registers,
  })
  const sizes = new Histogram({
    name: 'chunbo_order_batch_checkouts',
    help: 'Checkouts in a batch',
    buckets: [1, 5, 20, 50, 100, 200, 350, 500],
    registers,
  })
  const waits = new Histogram({
    name: 'chunbo_order_wait_seconds',
    help: 'How long the oldest checkout of a batch waited for it',
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  const runs = new Histogram({
    name: 'chunbo_order_batch_seconds',
    help: 'How long a batch was in the database',
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  new Gauge({
    name: 'chunbo_order_queue_depth',
    help: 'Checkouts waiting for a batch',
    registers,
    collect() {
      this.set(depth())
    },
  })
  return {
    onBatch(report) {
      sizes.observe(report.checkouts)
      waits.observe(report.oldestWaitMs / 1000)
      runs.observe(report.executeMs / 1000)
    },
    decided: (outcome) => outcomes.inc({ outcome }),
  }
}
