/** Whose SQL is spoken. `mysql` is also MariaDB's. */
export type SqlDialect = 'postgresql' | 'mysql'

/** Values of a statement, in the order of its placeholders. */
export type SqlParameters = (string | number)[]

/** A statement with its values. */
export type SqlStatement = readonly [sql: string, parameters: SqlParameters]

/** Statements of an operation: one after the other, and what the last one answers counts. */
export interface SqlStatements {
  readonly createTable: string
  /** Answers one row, `outcome`: claimed, done or busy. */
  claim(key: string, token: string, leaseMs: number): readonly SqlStatement[]
  /** Answers one row, `outcome`: done or busy. */
  done(key: string, token: string, ttlMs: number): readonly SqlStatement[]
  release(key: string, token: string): readonly SqlStatement[]
  /** `limit` is a checked integer. */
  purge(limit: number): readonly SqlStatement[]
}

/** `table` is a checked name: parts of letters, digits and underscores, with a dot between schema and table. */
export function sqlStatements(dialect: SqlDialect, table: string): SqlStatements {
  return dialect === 'postgresql' ? postgresql(table) : mysql(table)
}

// A row is a claim that runs until `expires_at`, or, with `done`, a message that is remembered until then. The token of a
// message that is done is empty, which no claim's is. All times are the database's.

function postgresql(name: string): SqlStatements {
  const table = name
    .split('.')
    .map(part => `"${part}"`)
    .join('.')
  const index = `"${name.split('.').at(-1)}_expires_at"`
  const inMs = (parameter: string): string =>
    `clock_timestamp() + ${parameter}::double precision * interval '1 millisecond'`
  const upsert = (done: boolean, token: string, mayWrite: string): string =>
    `WITH written AS (
  INSERT INTO ${table} AS held (message_key, token, done, expires_at) VALUES ($1::text, ${token}, ${done}, ${inMs('$3')})
  ON CONFLICT (message_key) DO UPDATE SET token = EXCLUDED.token, done = EXCLUDED.done, expires_at = EXCLUDED.expires_at
  WHERE held.expires_at <= clock_timestamp() OR ${mayWrite}
  RETURNING 1
)`
  // The rest of a statement sees the table as it was before: a row that came meanwhile counts as busy, which is never wrong.
  const claim = `${upsert(false, '$2::text', 'held.token = $2::text')}
SELECT CASE WHEN EXISTS (SELECT 1 FROM written) THEN 'claimed'
  WHEN EXISTS (SELECT 1 FROM ${table} WHERE message_key = $1::text AND done) THEN 'done'
  ELSE 'busy' END AS outcome`
  const done = `${upsert(true, "''", 'held.done OR held.token = $2::text')}
SELECT CASE WHEN EXISTS (SELECT 1 FROM written) THEN 'done' ELSE 'busy' END AS outcome`
  const release = `DELETE FROM ${table} WHERE message_key = $1::text AND token = $2::text AND NOT done`
  // The outer condition is looked at again where a row changes meanwhile.
  const purge = `DELETE FROM ${table} WHERE expires_at <= clock_timestamp()
  AND message_key IN (SELECT message_key FROM ${table} WHERE expires_at <= clock_timestamp() LIMIT $1::integer)`
  return {
    createTable: `CREATE TABLE IF NOT EXISTS ${table} (
  message_key text PRIMARY KEY,
  token text NOT NULL,
  done boolean NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS ${index} ON ${table} (expires_at)`,
    claim: (key, token, leaseMs) => [[claim, [key, token, leaseMs]]],
    done: (key, token, ttlMs) => [[done, [key, token, ttlMs]]],
    release: (key, token) => [[release, [key, token]]],
    purge: limit => [[purge, [limit]]],
  }
}

function mysql(name: string): SqlStatements {
  const table = name
    .split('.')
    .map(part => `\`${part}\``)
    .join('.')
  // Sessions differ in their time zones.
  const now = 'UTC_TIMESTAMP(3)'
  const inMs = `TIMESTAMPADD(MICROSECOND, 1000 * ?, ${now})`
  // Assignments are made from left to right, and each sees those before it.
  const claim = `INSERT INTO ${table} (message_key, token, done, expires_at) VALUES (?, ?, 0, ${inMs})
ON DUPLICATE KEY UPDATE
  token = IF(expires_at <= ${now}, VALUES(token), token),
  done = IF(token = VALUES(token), 0, done),
  expires_at = IF(token = VALUES(token), VALUES(expires_at), expires_at)`
  const claimed = `SELECT CASE WHEN done = 1 THEN 'done' WHEN token = ? THEN 'claimed' ELSE 'busy' END AS outcome
FROM ${table} WHERE message_key = ?`
  const done = `INSERT INTO ${table} (message_key, token, done, expires_at) VALUES (?, '', 1, ${inMs})
ON DUPLICATE KEY UPDATE
  done = IF(done = 1 OR token = ? OR expires_at <= ${now}, 1, 0),
  token = IF(done = 1, '', token),
  expires_at = IF(done = 1, VALUES(expires_at), expires_at)`
  const isDone = `SELECT CASE WHEN done = 1 THEN 'done' ELSE 'busy' END AS outcome FROM ${table} WHERE message_key = ?`
  const release = `DELETE FROM ${table} WHERE message_key = ? AND token = ? AND done = 0`
  // Prepared statements take no parameter there.
  const purge = (limit: number): string => `DELETE FROM ${table} WHERE expires_at <= ${now} LIMIT ${limit}`
  return {
    // Bytes: a collation would take keys for the same that differ in case or in spaces at the end.
    createTable: `CREATE TABLE IF NOT EXISTS ${table} (
  message_key VARBINARY(1024) NOT NULL PRIMARY KEY,
  token VARBINARY(64) NOT NULL,
  done TINYINT NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  INDEX (expires_at)
) ENGINE = InnoDB`,
    claim: (key, token, leaseMs) => [
      [claim, [key, token, leaseMs]],
      [claimed, [token, key]],
    ],
    done: (key, token, ttlMs) => [
      [done, [key, ttlMs, token]],
      [isDone, [key]],
    ],
    release: (key, token) => [[release, [key, token]]],
    purge: limit => [[purge(limit), []]],
  }
}
