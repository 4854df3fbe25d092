import { AssignedQueues, type AssignedQueuesOptions } from '../../../../lib/consumer/lite-pull/assigned-queues'
import type { AssignedQueue } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import type { LitePullLoop } from '../../../../lib/consumer/lite-pull/lite-pull-loop'
import type { OffsetStore } from '../../../../lib/consumer/offsets/offset-store'
import type { RocketMQError } from '../../../../lib/errors'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { FakeClient } from '../../../support/fake-client'
import { storedMessage } from '../../../support/records'

const queue = (queueId: number, topic = 'T'): MessageQueue => ({ topic, brokerName: 'b', queueId })
const ids = (queues: readonly MessageQueue[]) => queues.map(({ topic, queueId }) => `${topic}${queueId}`)

function setup(options: Partial<AssignedQueuesOptions> = {}) {
  const log: string[] = []
  const errors: RocketMQError[] = []
  const unknown = new Set<number>()
  const offsetStore: Partial<OffsetStore> = {
    update: ({ queueId }, offset) => log.push(`update ${queueId} ${offset}`),
    persist: async (queues, { confirmed }) => void log.push(`persist ${ids(queues).join()} ${String(confirmed)}`),
    remove: ({ queueId }) => log.push(`remove ${queueId}`),
  }
  const createLoop = (assigned: AssignedQueue) => {
    const { queueId } = assigned.queue
    const loop = {
      maxOffset: 0,
      start: () => log.push(`start ${queueId}`),
      ended: async () => void log.push(`ended ${queueId} ${assigned.dropped ? 'dropped' : 'in use'}`),
    }
    return loop as unknown as LitePullLoop
  }
  const queues = new AssignedQueues({
    client: new FakeClient().asClient,
    offsetStore: offsetStore as OffsetStore,
    persist: (...given) => (offsetStore as OffsetStore).persist(...given),
    limits: { maxMessages: 10, maxBytes: 1e6, maxSpan: 100 },
    roomOfAll: new CacheRoom(100),
    autoCommit: true,
    startOffset: async ({ queueId }) => {
      if (unknown.has(queueId)) throw new Error(`nothing known of ${queueId}`)
      return 100 + queueId
    },
    createLoop,
    onBackgroundError: error => errors.push(error),
    ...options,
  })
  const taken = (): string[] => log.splice(0)
  return { queues, log, taken, errors, unknown, offsetStore }
}

describe('queues that the rebalancer gives', () => {
  it('begin where the group is, and pull when they are told to', async () => {
    const { queues, taken } = setup()
    expect(await queues.assign('T', [queue(0), queue(1)])).toEqual({
      added: [queue(0), queue(1)],
      removed: [],
      complete: true,
    })
    expect([ids(queues.queues), queues.get(queue(1))?.polled]).toEqual([['T0', 'T1'], 101])
    expect(taken()).toEqual(['remove 0', 'remove 1'])
    queues.startPulling([queue(1), queue(7)])
    expect(taken()).toEqual(['start 1'])
  })

  it('are given back with what is consumed of them, after their loop has ended', async () => {
    const { queues, taken } = setup()
    await queues.assign('T', [queue(0), queue(1)])
    await queues.assign('U', [queue(5, 'U')])
    const assigned = queues.get(queue(0)) as AssignedQueue
    assigned.put(assigned.course, [storedMessage({ queueOffset: 100 })], 101)
    assigned.take(0)
    assigned.finish()
    taken()
    expect(await queues.assign('T', [queue(1)])).toEqual({ added: [], removed: [queue(0)], complete: true })
    expect(taken()).toEqual(['ended 0 dropped', 'update 0 101', 'persist T0 true', 'remove 0'])
    expect(ids(queues.queues)).toEqual(['T1', 'U5'])
  })

  it('are given back without a commit where the user commits', async () => {
    const { queues, taken } = setup({ autoCommit: false })
    await queues.assign('T', [queue(0)])
    taken()
    await queues.assign('T', [])
    expect(taken()).toEqual(['ended 0 dropped', 'persist T0 true', 'remove 0'])
  })

  it('are left for another round where their start cannot be told', async () => {
    const { queues, errors, unknown } = setup()
    unknown.add(1)
    expect(await queues.assign('T', [queue(0), queue(1)])).toEqual({ added: [queue(0)], removed: [], complete: false })
    expect(errors).toMatchObject([{ code: 'OFFSET_STORE_FAILED', topic: 'T' }])
    unknown.clear()
    expect(await queues.assign('T', [queue(0), queue(1)])).toMatchObject({ added: [queue(1)], complete: true })
  })

  it('are given back also where their offset cannot be written', async () => {
    const { queues, offsetStore, errors } = setup()
    offsetStore.persist = () => Promise.reject(new Error('no disk'))
    await queues.assign('T', [queue(0)])
    expect(await queues.assign('T', [])).toMatchObject({ removed: [queue(0)] })
    expect([queues.queues, errors[0]?.message]).toEqual([
      [],
      'the offset of queue 0 of T could not be written: no disk',
    ])
  })
})

describe('queues that the user chooses', () => {
  it('replace all others, of whatever topic, and pull at once', async () => {
    const { queues, taken } = setup()
    await queues.replace([queue(0), queue(1), queue(1)])
    expect([taken(), ids(queues.queues)]).toEqual([
      ['remove 0', 'remove 1', 'start 0', 'start 1', 'start 1'],
      ['T0', 'T1'],
    ])
    await queues.replace([queue(1), queue(5, 'U')])
    expect(ids(queues.queues)).toEqual(['T1', 'U5'])
    expect(taken()).toEqual([
      'ended 0 dropped',
      'update 0 100',
      'persist T0 true',
      'remove 0',
      'remove 5',
      'start 1',
      'start 5',
    ])
  })

  it('stay as they are where the start of a new one cannot be told', async () => {
    const { queues, unknown } = setup()
    await queues.replace([queue(0)])
    unknown.add(1)
    await expect(queues.replace([queue(1)])).rejects.toThrow('nothing known of 1')
    expect([ids(queues.queues), queues.get(queue(0))?.dropped]).toEqual([['T0'], false])
  })
})

describe('the end of all queues', () => {
  it('drops what is in hand, keeps positions, and takes nothing any more', async () => {
    const { queues, taken } = setup()
    await queues.replace([queue(0)])
    taken()
    await queues.stop()
    expect(taken()).toEqual(['ended 0 dropped'])
    expect([ids(queues.queues), queues.get(queue(0))?.consumed]).toEqual([['T0'], 100])
    await queues.assign('T', [queue(0), queue(1)])
    expect(ids(queues.queues)).toEqual(['T0'])
  })
})
