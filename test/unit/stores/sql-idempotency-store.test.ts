import { SqlIdempotencyStore, type SqlIdempotencyStoreOptions } from '../../../lib/stores/sql-idempotency-store'
import type { SqlParameters } from '../../../lib/stores/sql-statements'

/** A store whose statements are noted, and answered in turn. */
function setUp(options: Partial<SqlIdempotencyStoreOptions>, ...answers: unknown[]) {
  const asked: { sql: string; parameters: SqlParameters }[] = []
  const query = async (sql: string, parameters: SqlParameters): Promise<unknown> => {
    asked.push({ sql, parameters })
    return answers.shift()
  }
  return { asked, store: new SqlIdempotencyStore({ query, dialect: 'postgresql', ...options }) }
}

describe('an idempotency store in a database', () => {
  it('hands values over as parameters, never in the statement', async () => {
    const { asked, store } = setUp({}, [{ outcome: 'claimed' }], [{ outcome: 'done' }], undefined)
    const key = "k'; DROP TABLE orders; --"
    expect(await store.claim(key, 'token', 1500)).toBe('claimed')
    expect(await store.done(key, 'token', 2500)).toBe(true)
    await store.release(key, 'token')
    expect(asked.map(({ parameters }) => parameters)).toEqual([
      [key, 'token', 1500],
      [key, 'token', 2500],
      [key, 'token'],
    ])
    for (const { sql } of asked) expect(sql).not.toContain('DROP')
  })

  it('asks MySQL for the outcome after it has written', async () => {
    const { asked, store } = setUp({ dialect: 'mysql' }, { affectedRows: 1 }, [{ outcome: Buffer.from('busy') }])
    expect(await store.claim('k', 'token', 1500)).toBe('busy')
    expect(asked.map(({ sql }) => sql.slice(0, 6))).toEqual(['INSERT', 'SELECT'])
  })

  it.each([
    ['nothing', undefined],
    ['no rows', []],
    ['the result of a client around them', { rows: [{ outcome: 'claimed' }] }],
    ['rows as arrays', [['claimed']]],
    ['another outcome', [{ outcome: 'free' }]],
  ])('fails where the query resolves with %s', async (_, answer) => {
    const { store } = setUp({}, answer, answer)
    const failed = { code: 'IDEMPOTENCY_STORE_FAILED', message: expect.stringContaining('must resolve with rows') }
    await expect(store.claim('k', 't', 1)).rejects.toMatchObject(failed)
    await expect(store.done('k', 't', 1)).rejects.toMatchObject(failed)
  })

  it('rejects with the error of the query', async () => {
    const error = new Error('connection lost')
    const { store } = setUp({ query: () => Promise.reject(error) })
    await expect(store.claim('k', 't', 1)).rejects.toBe(error)
  })

  it.each(['orders; DROP TABLE x', 'a b', 'a"b', 'a`b', '1a', '', 'a.b.c', '.a', 'a.', 'é', 'x'.repeat(49), 5, null])(
    'refuses %p as a table',
    table => {
      expect(() => setUp({ table: table as string })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('table') }),
      )
    },
  )

  it.each([
    ['query', { query: 'SELECT' }],
    ['dialect', { dialect: 'oracle' }],
    ['dialect', { dialect: undefined }],
  ])('refuses a wrong %s', (named, options) => {
    expect(() => setUp(options as unknown as Partial<SqlIdempotencyStoreOptions>)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(named) }),
    )
  })

  it('removes as many rows as it is told, and no other number than that', async () => {
    const { asked, store } = setUp({ dialect: 'mysql' })
    await store.purge(500)
    expect(asked[0]?.sql).toMatch(/ LIMIT 500$/)
    for (const limit of [0, 1.5, Infinity, '5; DROP TABLE x' as unknown as number]) {
      await expect(store.purge(limit)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
  })
})
