import { RedisIdempotencyStore, type RedisIdempotencyStoreOptions } from '../../../lib/stores/redis-idempotency-store'

interface Call {
  readonly script: string
  readonly rest: unknown[]
}

/** A client that notes what it is asked to run, and answers the same to all. */
function client(answer: unknown, more: object = {}) {
  const calls: Call[] = []
  const run = (script: string, ...rest: unknown[]): Promise<unknown> => {
    calls.push({ script, rest })
    return Promise.resolve(answer)
  }
  return { calls, eval: run, ...more }
}

describe('an idempotency store in Redis', () => {
  it('calls ioredis with the number of keys, the key and the values', async () => {
    const redis = client('claimed', { defineCommand: () => undefined })
    const store = new RedisIdempotencyStore({
      client: redis,
      prefix: 'shop:',
    })
    expect(await store.claim('k', 'token', 1500)).toBe('claimed')
    expect(redis.calls).toMatchObject([{ rest: [1, 'shop:k', 'claim:token', '1500'] }])
  })

  it('calls node-redis with keys and arguments', async () => {
    const redis = client('done')
    const store = new RedisIdempotencyStore({ client: redis })
    expect(await store.done('k', 'token', 0.5)).toBe(true)
    expect(redis.calls).toMatchObject([{ rest: [{ keys: ['rocketwire:k'], arguments: ['claim:token', '1'] }] }])
  })

  it('understands answers that come as bytes', async () => {
    expect(await new RedisIdempotencyStore({ client: client(Buffer.from('busy')) }).claim('k', 't', 1)).toBe('busy')
  })

  it.each(['OK', null, undefined, 1, 'done '])('takes %p for no answer of its scripts', async answer => {
    const store = new RedisIdempotencyStore({ client: client(answer) })
    const failed = { code: 'IDEMPOTENCY_STORE_FAILED', message: expect.stringContaining('ioredis or node-redis') }
    await expect(store.claim('k', 't', 1)).rejects.toMatchObject(failed)
    await expect(store.release('k', 't')).rejects.toMatchObject(failed)
  })

  it('rejects with the error of its client', async () => {
    const error = new Error('connection lost')
    const store = new RedisIdempotencyStore({ client: { eval: () => Promise.reject(error) } })
    await expect(store.claim('k', 't', 1)).rejects.toBe(error)
  })

  it.each([
    [undefined, 'options'],
    [{}, 'client'],
    [{ client: null }, 'client'],
    [{ client: { get: () => undefined } }, 'client'],
    [{ client: client('done'), prefix: 5 }, 'prefix'],
  ])('refuses options %p', (options, named) => {
    expect(() => new RedisIdempotencyStore(options as RedisIdempotencyStoreOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(named) }),
    )
  })
})
