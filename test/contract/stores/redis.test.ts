import { randomUUID } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import { createClient, createClientPool, createCluster } from 'redis'
import { RedisIdempotencyStore } from '../../../lib/stores/redis-idempotency-store'
import { describeIdempotencyStore } from '../../support/idempotency-store-suite'
import { describeCrash } from './crash'
import { describeGroupOfTwo } from './group-of-two'
import { describeOnServer } from './store-target'

const SERVER = { shortMs: 300, propertyRuns: 40 }

describeOnServer('redis', port => {
  const prefix = `test-${randomUUID()}:`
  const ioredis = new Redis({ host: '127.0.0.1', port, lazyConnect: true })
  const socket = { host: '127.0.0.1', port }
  const nodeRedis = createClient({ socket })
  const pool = createClientPool({ socket })
  const overIoredis = new RedisIdempotencyStore({ client: ioredis, prefix })
  const overNodeRedis = new RedisIdempotencyStore({ client: nodeRedis, prefix })

  beforeAll(() => Promise.all([ioredis.connect(), nodeRedis.connect(), pool.connect()]))
  afterAll(() => Promise.all([ioredis.quit(), nodeRedis.close(), pool.close()]))

  describeIdempotencyStore('over ioredis', { store: () => overIoredis, ...SERVER })
  describeIdempotencyStore('over node-redis', { store: () => overNodeRedis, ...SERVER })
  describeGroupOfTwo('over one client of each kind', () => [overIoredis, overNodeRedis])

  describeCrash(port, ioredis)

  describe('of all kinds of clients', () => {
    it('sees the same keys', async () => {
      const key = randomUUID()
      expect(await overIoredis.claim(key, 'a', 60_000)).toBe('claimed')
      expect(await overNodeRedis.claim(key, 'b', 60_000)).toBe('busy')
      expect(await overNodeRedis.claim(key, 'a', 60_000)).toBe('claimed')
      expect(await overIoredis.done(key, 'a', 60_000)).toBe(true)
      expect(await new RedisIdempotencyStore({ client: pool, prefix }).claim(key, 'b', 60_000)).toBe('done')
    })

    it('takes clients of clusters, too', () => {
      const cluster = new Cluster([{ host: '127.0.0.1', port }], { lazyConnect: true })
      expect(new RedisIdempotencyStore({ client: cluster })).toBeDefined()
      expect(new RedisIdempotencyStore({ client: createCluster({ rootNodes: [{ socket }] }) })).toBeDefined()
    })

    it('keeps users of other prefixes apart', async () => {
      const key = randomUUID()
      await overIoredis.claim(key, 'a', 60_000)
      const other = new RedisIdempotencyStore({ client: ioredis, prefix: `${prefix}other:` })
      expect(await other.claim(key, 'b', 60_000)).toBe('claimed')
    })

    it('leaves nothing in Redis for ever', async () => {
      const [claimed, done] = [randomUUID(), randomUUID()]
      await overIoredis.claim(claimed, 'a', 5000)
      await overIoredis.claim(done, 'a', 5000)
      await overIoredis.done(done, 'a', 90_000)
      const left = await Promise.all([claimed, done].map(key => ioredis.pttl(prefix + key)))
      expect(left[0]).toBeGreaterThan(0)
      expect(left[0]).toBeLessThanOrEqual(5000)
      expect(left[1]).toBeGreaterThan(60_000)
      expect(left[1]).toBeLessThanOrEqual(90_000)
    })

    it('rejects where the client has no connection', async () => {
      const closed = new Redis({ host: '127.0.0.1', port, lazyConnect: true, enableOfflineQueue: false })
      await expect(new RedisIdempotencyStore({ client: closed }).claim('k', 'a', 1000)).rejects.toThrow()
      closed.disconnect()
    })
  })
})
