import { CheckedOffsetStore } from '../../../../lib/consumer/offsets/checked-offset-store'
import type { OffsetStore } from '../../../../lib/consumer/offsets/offset-store'
import { RocketMQError } from '../../../../lib/errors'
import type { MessageQueue } from '../../../../lib/model/message-queue'

const queue: MessageQueue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const confirmed = { confirmed: true }

/** A store of a user's own that tells one value, whatever its type. */
class RedisOffsets implements OffsetStore {
  readonly calls: unknown[][] = []
  readonly #told: unknown

  constructor(told?: unknown) {
    this.#told = told
  }

  load = async (...args: unknown[]) => void this.calls.push(['load', ...args])
  read = async () => this.#told as number
  current = () => this.#told as number
  update = (...args: unknown[]) => void this.calls.push(['update', ...args])
  freeze = (...args: unknown[]) => void this.calls.push(['freeze', ...args])
  persist = async (...args: unknown[]) => void this.calls.push(['persist', ...args])
  remove = (...args: unknown[]) => void this.calls.push(['remove', ...args])
}

describe('a store of the user', () => {
  it.each(['load', 'read', 'persist'] as const)(
    'that fails at %s is named, with its error as the cause',
    async call => {
      const down = new Error('connection refused')
      const failing = Object.assign(new RedisOffsets(), { [call]: () => Promise.reject(down) })
      const store = new CheckedOffsetStore(failing)
      const calls = {
        load: () => store.load(),
        read: () => store.read(queue),
        persist: () => store.persist([], confirmed),
      }
      await expect(calls[call]()).rejects.toMatchObject({
        code: 'OFFSET_STORE_FAILED',
        message: `${call}() of the offsetStore RedisOffsets failed: connection refused`,
        cause: down,
      })
    },
  )

  it('that fails with an error of ours fails with that', async () => {
    const own = new RocketMQError('ABORTED', 'enough')
    const store = new CheckedOffsetStore(Object.assign(new RedisOffsets(), { load: () => Promise.reject(own) }))
    await expect(store.load()).rejects.toBe(own)
  })

  it.each([
    [-7, '-7'],
    [NaN, 'NaN'],
    [1.5, '1.5'],
    [2 ** 53, '9007199254740992'],
    ['12', "'12'"],
    [{}, '{}'],
  ])('that tells %p has failed, and is named with the queue', async (told, shown) => {
    const store = new CheckedOffsetStore(new RedisOffsets(told))
    const rest =
      `() of the offsetStore RedisOffsets tells ${shown} for queue 1 of Orders on broker-a: ` +
      'an offset is a whole number from 0 up, or undefined where there is none'
    const failed = (call: string) => ({ code: 'OFFSET_STORE_FAILED', topic: 'Orders', message: `${call}${rest}` })
    await expect(store.read(queue)).rejects.toMatchObject(failed('read'))
    expect(() => store.current(queue)).toThrow(expect.objectContaining(failed('current')))
  })

  it.each([
    [0, 0],
    [33, 33],
    [undefined, undefined],
    [null, undefined],
  ])('that tells %p tells %p', async (told, offset) => {
    const store = new CheckedOffsetStore(new RedisOffsets(told))
    await expect(store.read(queue)).resolves.toBe(offset)
    expect(store.current(queue)).toBe(offset)
  })

  it('that is an object without a class is named as the option', async () => {
    const bare = Object.assign(Object.create(null) as OffsetStore, { read: async () => -1 })
    for (const store of [bare, { ...new RedisOffsets(-1) }]) {
      await expect(new CheckedOffsetStore(store).read(queue)).rejects.toThrow(/^read\(\) of the offsetStore tells -1/)
    }
  })

  it('gets all that it is told', async () => {
    const own = new RedisOffsets()
    const store = new CheckedOffsetStore(own)
    await store.load()
    store.update(queue, 7, { increaseOnly: true })
    store.freeze(queue, 8)
    await store.persist([queue], { confirmed: true })
    store.remove(queue)
    expect(own.calls).toEqual([
      ['load'],
      ['update', queue, 7, { increaseOnly: true }],
      ['freeze', queue, 8],
      ['persist', [queue], { confirmed: true }],
      ['remove', queue],
    ])
  })
})
