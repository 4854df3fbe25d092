import { type SqlDialect, type SqlStatement, sqlStatements } from '../../../lib/stores/sql-statements'

const DIALECTS: readonly SqlDialect[] = ['postgresql', 'mysql']

function allOf(dialect: SqlDialect): readonly SqlStatement[] {
  const statements = sqlStatements(dialect, 'app.handled')
  return [
    ...statements.claim('k', 't', 1),
    ...statements.done('k', 't', 1),
    ...statements.release('k', 't'),
    ...statements.purge(10),
  ]
}

describe.each(DIALECTS)('the statements of %s', dialect => {
  const quoted = dialect === 'mysql' ? '`app`.`handled`' : '"app"."handled"'

  it('quote the table, and its schema apart', () => {
    expect(sqlStatements(dialect, 'app.handled').createTable).toContain(`CREATE TABLE IF NOT EXISTS ${quoted} (`)
    for (const [sql] of allOf(dialect)) expect(sql).toContain(quoted)
  })

  it('have a value for each placeholder', () => {
    for (const [sql, parameters] of allOf(dialect)) {
      const placeholders = dialect === 'mysql' ? (sql.match(/\?/g) ?? []) : new Set(sql.match(/\$\d+/g))
      expect([sql, [...placeholders].length]).toEqual([sql, parameters.length])
    }
  })

  it('take the time from the database alone', () => {
    const clock = dialect === 'mysql' ? 'UTC_TIMESTAMP(3)' : 'clock_timestamp()'
    for (const [sql] of allOf(dialect).filter(([text]) => text.includes('expires_at'))) expect(sql).toContain(clock)
  })
})
