import fc from './property'
import type { AllocateInput, AllocateMessageQueueStrategy } from '../../lib/consumer/allocate/allocate-strategy'
import { sortedClientIds, sortedQueues } from '../../lib/consumer/allocate/sort'
import type { MessageQueue } from '../../lib/model/message-queue'

/** Queues 0 up to `count` of one broker. */
export function queuesOf(count: number, brokerName = 'broker-a'): MessageQueue[] {
  return Array.from({ length: count }, (_, queueId) => ({ topic: 'T', brokerName, queueId }))
}

/** What each member gets, as queue ids. */
export function sharesOf(
  strategy: AllocateMessageQueueStrategy,
  queues: MessageQueue[],
  clientIds: string[],
): number[][] {
  return clientIds.map(clientId =>
    strategy.allocate(inputOf({ clientId, queues, clientIds })).map(queue => queue.queueId),
  )
}

export function inputOf(fields: Partial<AllocateInput>): AllocateInput {
  return { consumerGroup: 'G', clientId: 'c1', queues: queuesOf(4), clientIds: ['c1'], ...fields }
}

const brokerName = fc.constantFrom('hz@a', 'hz@b', 'sh@a', 'gz@a')
const clientId = fc
  .tuple(fc.constantFrom('hz', 'sh', 'bj'), fc.integer({ min: 1, max: 255 }))
  .map(([room, n]) => `${room}-10.0.0.${n}@1#1`)

/** Any group: sorted queues of several brokers and rooms, and sorted members. */
export const anyGroup = fc.record({
  queues: fc
    .uniqueArray(fc.tuple(brokerName, fc.nat(15)), {
      minLength: 1,
      maxLength: 40,
      selector: ([broker, id]) => `${broker} ${id}`,
    })
    .map(pairs => sortedQueues(pairs.map(([broker, queueId]) => ({ topic: 'T', brokerName: broker, queueId })))),
  clientIds: fc.uniqueArray(clientId, { minLength: 1, maxLength: 12 }).map(sortedClientIds),
})

/** Fails unless every queue goes to exactly one member; gives the sizes of the shares. */
export function expectEachQueueOnce(
  strategy: AllocateMessageQueueStrategy,
  { queues, clientIds }: { queues: MessageQueue[]; clientIds: string[] },
): number[] {
  const shares = clientIds.map(id => strategy.allocate(inputOf({ clientId: id, queues, clientIds })))
  expect(sortedQueues(shares.flat())).toEqual(queues)
  return shares.map(share => share.length)
}

/** What all strategies but the fixed one share. */
export function describeCommonChecks(strategy: AllocateMessageQueueStrategy): void {
  it('gives nothing to a client that brokers do not list', () => {
    expect(strategy.allocate(inputOf({ clientId: 'x', clientIds: ['c1'] }))).toEqual([])
  })

  it.each<Partial<AllocateInput>>([{ clientId: '' }, { queues: [] }, { clientIds: [] }])(
    'refuses to decide upon %j',
    fields => {
      expect(() => strategy.allocate(inputOf(fields))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    },
  )

  it('leaves its input alone', () => {
    const queues = Object.freeze(queuesOf(5))
    const clientIds = Object.freeze(['c1', 'c2'])
    expect(() => strategy.allocate(inputOf({ queues, clientIds }))).not.toThrow()
  })
}
