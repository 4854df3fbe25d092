import { checkedRange } from '../client/checked-options'
import type { ClaimOutcome, IdempotencyStore } from '../consumer/idempotent/idempotency-store'
import { RocketMQError } from '../errors'
import { checkOptions } from '../model/option-checks'
import { type SqlDialect, type SqlStatement, type SqlStatements, sqlStatements } from './sql-statements'

/**
 * Runs one statement and resolves with its rows, as objects by column name; what it resolves with for a statement without
 * rows does not matter. Each call must be committed when it resolves.
 */
export type SqlQuery = (sql: string, parameters: (string | number)[]) => Promise<unknown>

/** Options of a store in a database. */
export interface SqlIdempotencyStoreOptions {
  /**
   * With `pg`: `async (sql, parameters) => (await pool.query(sql, parameters)).rows`; with `mysql2/promise`:
   * `async (sql, parameters) => (await pool.query(sql, parameters))[0]`.
   */
  readonly query: SqlQuery
  /** `postgresql` from 9.5 on, or `mysql`, which is also MariaDB. */
  readonly dialect: SqlDialect
  /** Table, also as `schema.table`: letters, digits and underscores; default `rocketwire_idempotency`. */
  readonly table?: string
}

const DIALECTS: readonly SqlDialect[] = ['postgresql', 'mysql']
/** The longest name leaves room for that of the index. */
const TABLE = /^([A-Za-z_]\w{0,47}\.)?[A-Za-z_]\w{0,47}$/

/**
 * Remembers handled messages in a table of a database, for all members of a group: one row a message, its key unique.
 * The table is made by `createTableSql`; rows past their time are overwritten, or removed by `purge`.
 */
export class SqlIdempotencyStore implements IdempotencyStore {
  readonly #query: SqlQuery
  readonly #statements: SqlStatements

  /** @throws RocketMQError INVALID_ARGUMENT */
  constructor(options: SqlIdempotencyStoreOptions) {
    checkOptions(options, { query: true, dialect: true, table: true })
    const { query, dialect, table = 'rocketwire_idempotency' } = options
    const given: unknown = query
    if (typeof given !== 'function') throw new RocketMQError('INVALID_ARGUMENT', 'query must be a function')
    if (!DIALECTS.includes(dialect)) {
      const says = `dialect is ${String(dialect)}; it must be one of ${DIALECTS.join(', ')}`
      throw new RocketMQError('INVALID_ARGUMENT', says)
    }
    if (typeof table !== 'string' || !TABLE.test(table)) {
      const says = `table is ${String(table)}; it must be table or schema.table of letters, digits and underscores`
      throw new RocketMQError('INVALID_ARGUMENT', `${says}, up to 48 characters each`)
    }
    this.#query = query
    this.#statements = sqlStatements(dialect, table)
  }

  /** The SQL that makes the table and its index where they are missing: for a migration, or a client that takes several statements. */
  createTableSql(): string {
    return this.#statements.createTable
  }

  /** As `IdempotencyStore.claim`; rejects with the error of `query`. */
  async claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome> {
    return this.#outcome(this.#statements.claim(key, token, leaseMs))
  }

  /** As `IdempotencyStore.done`; rejects with the error of `query`. */
  async done(key: string, token: string, ttlMs: number): Promise<boolean> {
    return (await this.#outcome(this.#statements.done(key, token, ttlMs))) === 'done'
  }

  /** As `IdempotencyStore.release`; rejects with the error of `query`. */
  async release(key: string, token: string): Promise<void> {
    await this.#run(this.#statements.release(key, token))
  }

  /**
   * Removes up to `limit` rows that are past their time, 1 to 1000000; default 10000. To be called now and then: nothing else
   * removes rows. Rejects with the error of `query`.
   */
  async purge(limit = 10_000): Promise<void> {
    await this.#run(this.#statements.purge(checkedRange('limit', limit, 1, 1_000_000)))
  }

  async #run(statements: readonly SqlStatement[]): Promise<unknown> {
    let last: unknown
    for (const [sql, parameters] of statements) last = await this.#query(sql, parameters)
    return last
  }

  async #outcome(statements: readonly SqlStatement[]): Promise<ClaimOutcome> {
    const rows = await this.#run(statements)
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined
    const outcome: unknown = typeof row === 'object' && row !== null && 'outcome' in row ? row.outcome : undefined
    // Clients may give texts as bytes.
    const text = outcome === undefined ? 'no row' : String(outcome)
    if (text === 'claimed' || text === 'done' || text === 'busy') return text
    const says = `query resolved with ${text} where a row with an outcome was due`
    throw new RocketMQError('IDEMPOTENCY_STORE_FAILED', `${says}: it must resolve with rows, as objects by column name`)
  }
}
