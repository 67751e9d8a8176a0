import { totalmem } from 'node:os'

const mebibyte = 1_048_576

/**
 * Settings of the embedded PostgreSQL, as written to its configuration file. Durability is never traded: fsync,
 * synchronous_commit and full_page_writes stay on. `memoryBytes` is what the machine or the container has.
 */
export function postgresSettings(memoryBytes: number = availableMemoryBytes()): Record<string, string> {
  const sharedBuffersMb = clamp(Math.floor(memoryBytes / mebibyte / 8), 64, 1024)
  return {
    max_connections: '100',
    shared_buffers: `${sharedBuffersMb}MB`,
    effective_cache_size: `${sharedBuffersMb * 3}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Compressing page images cost 40 µs an order on a table of 5 million; docs/adr/0004-order-tables.md.
    wal_compression: 'off',
    wal_buffers: '16MB',
    min_wal_size: '256MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '10min',
    checkpoint_completion_target: '0.9',
    random_page_cost: '1.1',
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
}

function availableMemoryBytes(): number {
  // A container's limit is a huge number or 0 when there is none.
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
