import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import { SqlIdempotencyStore } from '../../../lib/stores/sql-idempotency-store'
import { describeIdempotencyStore } from '../../support/idempotency-store-suite'
import { answered } from '../../support/until'
import { describeGroupOfTwo } from './group-of-two'
import { POSTGRES_LOGIN } from './postgres-server'
import { describeOnServer } from './store-target'

describeOnServer('postgresql', port => {
  const pool = new Pool({ ...POSTGRES_LOGIN, port, max: 10 })
  const newStore = (table?: string): SqlIdempotencyStore =>
    new SqlIdempotencyStore({
      query: async (sql, parameters) => (await pool.query<object>(sql, parameters)).rows,
      dialect: 'postgresql',
      ...(table !== undefined && { table }),
    })
  const store = newStore()
  const rowsOf = async (table: string): Promise<object[]> =>
    (await pool.query<object>(`SELECT * FROM ${table} ORDER BY message_key`)).rows

  beforeAll(() => pool.query(store.createTableSql()))
  afterAll(() => pool.end())

  describeIdempotencyStore('over pg', { store: () => store, shortMs: 300, propertyRuns: 40 })
  describeGroupOfTwo('over pg', () => [store, newStore()])

  describe('as a table', () => {
    it('is made once, however often that is asked for, also in a schema and with capitals', async () => {
      await pool.query('CREATE SCHEMA "App"')
      const own = newStore('App.Handled')
      for (let i = 0; i < 2; i++) await pool.query(own.createTableSql())
      expect(await own.claim('k', 'a', 60_000)).toBe('claimed')
      expect(await rowsOf('"App"."Handled"')).toMatchObject([{ message_key: 'k', token: 'a', done: false }])
      expect(await store.claim('k', 'b', 60_000)).toBe('claimed')
    })

    it('has one row for each message, whatever becomes of it', async () => {
      const own = newStore('one_row')
      await pool.query(own.createTableSql())
      for (const key of ['1', '2']) {
        await own.claim(key, 'a', 60_000)
        await own.claim(key, 'b', 60_000)
        await own.done(key, 'a', 60_000)
        await own.done(key, 'b', 60_000)
      }
      expect(await rowsOf('one_row')).toMatchObject([
        { message_key: '1', done: true },
        { message_key: '2', done: true },
      ])
    })

    it('loses by purge the rows that are past their time, and no others', async () => {
      const own = newStore('purged')
      await pool.query(own.createTableSql())
      for (const [key, ms] of Object.entries({ a: 1, b: 1, c: 1, kept: 60_000 })) await own.claim(key, 't', ms)
      await own.done('done', 't', 60_000)
      const left = async (): Promise<number> => (await rowsOf('purged')).length
      await answered(
        async () => (await own.purge(2), left()),
        rows => rows <= 3,
        { what: 'a purge of two rows' },
      )
      await own.purge()
      expect(await rowsOf('purged')).toMatchObject([{ message_key: 'done' }, { message_key: 'kept' }])
    })

    it('loses by purge no row that is claimed anew at the same time', async () => {
      const own = newStore('contended')
      await pool.query(own.createTableSql())
      const keys = Array.from({ length: 100 }, (_, i) => `${i}`)
      await Promise.all(keys.map(key => own.claim(key, 'dead', 1)))
      await Promise.all(keys.flatMap(key => [own.claim(key, 'new', 60_000), own.purge(5)]))
      const outcomes = await Promise.all(keys.map(key => own.claim(key, 'other', 60_000)))
      expect(new Set(outcomes)).toEqual(new Set(['busy']))
    })

    it('takes what looks like SQL for a key', async () => {
      const key = `'); DROP TABLE rocketwire_idempotency; -- ${randomUUID()}`
      expect(await store.claim(key, "t'", 60_000)).toBe('claimed')
      expect(await store.done(key, "t'", 60_000)).toBe(true)
      expect(await store.claim(key, 'b', 60_000)).toBe('done')
    })

    it('rejects with what the database says where the table is missing', async () => {
      await expect(newStore('never_made').claim('k', 'a', 1000)).rejects.toThrow(/never_made/)
    })
  })
})
