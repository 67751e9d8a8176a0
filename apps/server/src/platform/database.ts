import pg from 'pg'

/** Array types have no name in pg's list of built-ins. */
const TEXT_ARRAY: number = 1009
const BIGINT_ARRAY: number = 1016

/**
 * Rows come back with bigint as a JavaScript number (all our ids, fen and grams are safe integers; one that is not is a
 * bug and throws), dates as YYYY-MM-DD text and timestamptz as Date. Sums of bigint are numeric in SQL: cast to bigint.
 */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8) return parseBigint
      if (oid === pg.types.builtins.DATE) return (text: string) => text
      if (oid === BIGINT_ARRAY) return parseBigintArray
    }
    return pg.types.getTypeParser(oid, format as 'text')
  },
}

function parseBigint(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint out of safe range: ${text}`)
  return value
}

const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY as number as typeof pg.types.builtins.INT8) as (
  text: string,
) => (string | null)[]
const parseBigintArray = (text: string) =>
  parseTextArray(text).map((item) => (item === null ? null : parseBigint(item)))

export type Value = string | number | bigint | boolean | null | Date | Buffer | object | readonly Value[]

/** What a query needs: the pool itself, or one connection inside a transaction. */
export interface Queryable {
  /** Runs one statement; rows as the caller names their type. A `name` makes it a prepared statement of the connection. */
  query<Row extends object>(text: string, values?: readonly Value[], name?: string): Promise<Row[]>
}

export interface Database extends Queryable {
  readonly pool: pg.Pool
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  close(): Promise<void>
}

async function run<Row extends object>(
  target: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly Value[] | undefined,
  name: string | undefined,
): Promise<Row[]> {
  const query: pg.QueryConfig = { text, ...(values ? { values: [...values] } : {}), ...(name ? { name } : {}) }
  const result = await target.query(query)
  return result.rows as Row[]
}

/** Opens a pool of at most `max` connections to the database at `url` (postgres://…). Nothing is connected before the first query. */
export function openDatabase(url: string, options: { max?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    types,
    application_name: 'chunbo',
  })
  // An idle connection that breaks (a restarted server) must not end the process; the next query opens a new one.
  // The same while it is handed out: the query that used it fails, and that is enough.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    pool,
    query: (text, values, name) => run(pool, text, values, name),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work({ query: (text, values, name) => run(client, text, values, name) })
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((rollbackError: Error) => {
          broken = rollbackError
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

/** The first row, or null. For statements that give at most one. */
export function first<Row>(rows: Row[]): Row | null {
  return rows[0] ?? null
}

/** The only row of a statement that always gives one. */
export function one<Row>(rows: Row[]): Row {
  const row = rows[0]
  if (row === undefined || rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
  return row
}
