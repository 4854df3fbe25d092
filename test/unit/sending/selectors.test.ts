import fc from '../../support/property'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { selectByHash, selectByMachineRoom, selectByRandom } from '../../../lib/sending/selectors'
import { queuesOf } from '../../support/allocation'

const MESSAGE = { topic: 'T', body: 'b' }
const noQueue = expect.objectContaining({ code: 'NO_WRITABLE_QUEUE', topic: 'T' })

describe('selectByHash', () => {
  it.each<[unknown, number]>([
    ['order-2', 5],
    ['polygenelubricants', 0],
    [-12345, 1],
    [true, 7],
    [9007199254740993n, 1],
  ])('chooses for %p the queue that Java chooses', (arg, queueId) => {
    expect(selectByHash(queuesOf(8), MESSAGE, arg).queueId).toBe(queueId)
  })

  it('always finds a queue, and for one argument always the same', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
      fc.double(),
      fc.boolean(),
    )
    fc.assert(
      fc.property(argument, fc.integer({ min: 1, max: 100 }), (arg, count) => {
        const queues = queuesOf(count)
        const chosen = selectByHash(queues, MESSAGE, arg)
        expect(queues).toContain(chosen)
        expect(selectByHash(queues, MESSAGE, arg)).toBe(chosen)
      }),
    )
  })

  it('refuses an argument without a hash, and no queues', () => {
    expect(() => selectByHash(queuesOf(8), MESSAGE, undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
    expect(() => selectByHash([], MESSAGE, 'x')).toThrow(noQueue)
  })
})

describe('selectByRandom', () => {
  it('comes to every queue in the end', () => {
    const queues = queuesOf(3)
    const chosen = new Set<MessageQueue>()
    for (let i = 0; i < 500; i++) chosen.add(selectByRandom(queues, MESSAGE, undefined))
    expect(chosen).toEqual(new Set(queues))
  })

  it('refuses no queues', () => {
    expect(() => selectByRandom([], MESSAGE, undefined)).toThrow(noQueue)
  })
})

describe('selectByMachineRoom', () => {
  const queues = [...queuesOf(2, 'hz@a'), ...queuesOf(2, 'sh@a'), ...queuesOf(2, 'plain')]

  it('stays in the rooms', () => {
    const chosen = Array.from(
      { length: 100 },
      () => selectByMachineRoom(['sh', 'gz'])(queues, MESSAGE, undefined).brokerName,
    )
    expect(new Set(chosen)).toEqual(new Set(['sh@a']))
  })

  it('says which rooms have no queue', () => {
    expect(() => selectByMachineRoom(['gz', 'bj'])(queues, MESSAGE, undefined)).toThrow(
      expect.objectContaining({ code: 'NO_WRITABLE_QUEUE', message: expect.stringContaining('gz, bj') }),
    )
  })
})
