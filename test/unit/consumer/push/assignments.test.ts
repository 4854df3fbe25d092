import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ, type LockBatch } from '../../../../lib/commands/client'
import { UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import type { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { RocketMQError } from '../../../../lib/errors'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { assignmentsSetup as setup, queue, withListener } from '../../../support/assignments-setup'
import { deferred } from '../../../support/fake-client'
import { fill } from '../../../support/process-queues'

describe('queues that become ours', () => {
  it('begin where they are told to, and do not pull before all is ready', async () => {
    const { assignments, loops } = await setup()
    const change = await assignments.assign('T', [queue(0), queue(1)])
    expect(change).toEqual({ added: [queue(0), queue(1)], removed: [], complete: true })
    expect(assignments.get(queue(1))?.processQueue.nextBeginOffset).toBe(50)
    expect([assignments.queues, loops]).toEqual([[queue(0), queue(1)], []])
    assignments.startPulling([queue(0), queue(7)])
    expect(loops).toEqual(['start T/0'])
  })

  it('have their start written down, so that a next owner does not begin at a later end', async () => {
    const { assignments, offsetStore, commits } = await setup()
    await assignments.assign('T', [queue(0)])
    expect(offsetStore.current(queue(0))).toBe(50)
    await assignments.assign('T', [])
    expect(commits()).toEqual([[0, 50, true]])
  })

  it('stay as they are while they are ours', async () => {
    const { assignments } = await setup()
    await assignments.assign('T', [queue(0)])
    const before = assignments.get(queue(0))
    const change = await assignments.assign('T', [queue(0), queue(1)])
    expect(change).toEqual({ added: [queue(1)], removed: [], complete: true })
    expect(assignments.get(queue(0))).toBe(before)
  })

  it('do not touch those of other topics', async () => {
    const { assignments } = await setup()
    await assignments.assign('T', [queue(0)])
    await assignments.assign('U', [queue(0, 'U')])
    expect(assignments.queues).toEqual([queue(0), queue(0, 'U')])
  })

  it('are left for a later round where their start cannot be told', async () => {
    const cause = new RocketMQError('REQUEST_TIMEOUT', 'no answer')
    const startOffset = jest.fn(async ({ queueId }: MessageQueue) => {
      if (queueId === 0) throw cause
      return 7
    })
    const { assignments, errors } = await setup({ startOffset })
    const change = await assignments.assign('T', [queue(0), queue(1)])
    expect(change).toEqual({ added: [queue(1)], removed: [], complete: false })
    expect(errors).toEqual([expect.objectContaining({ code: 'OFFSET_STORE_FAILED', cause })])
  })
})

describe('the limit of what all queues have in hand together', () => {
  it('is shared out anew when queues come and go, which lets go on who waits for room', async () => {
    const { assignments } = await setup()
    await assignments.assign(
      'T',
      [0, 1, 2, 3].map(id => queue(id)),
    )
    const { processQueue } = assignments.get(queue(0)) as { processQueue: ProcessQueue }
    fill(processQueue, 3)
    expect(processQueue.hasRoom).toBe(false)
    let hasRoom = false
    void processQueue.whenRoom(new AbortController().signal).then(() => (hasRoom = true))
    await assignments.assign(
      'T',
      [0, 1, 2].map(id => queue(id)),
    )
    expect(hasRoom).toBe(false)
    await assignments.assign(
      'T',
      [0, 1].map(id => queue(id)),
    )
    expect([hasRoom, processQueue.hasRoom]).toEqual([true, true])
  })
})

describe('queues that are given back', () => {
  it('have their progress written down, confirmed, and hand out and commit nothing more', async () => {
    const { assignments, loops, offsetStore, commits } = await setup()
    await assignments.assign('T', [queue(0), queue(1)])
    const { processQueue, taken } = withListener(assignments)
    offsetStore.update(queue(0), 60, { increaseOnly: true })
    const change = await assignments.assign('T', [queue(1)])
    expect(change).toEqual({ added: [], removed: [queue(0)], complete: true })
    expect(commits()).toEqual([[0, 60, true]])
    expect([processQueue.dropped, processQueue.finish(taken)]).toEqual([true, undefined])
    expect([loops, offsetStore.current(queue(0))]).toEqual([['stop T/0'], undefined])
  })

  it('are given back all the same where their progress cannot be written, which is told', async () => {
    const { assignments, client, errors } = await setup()
    await assignments.assign('T', [queue(0)])
    client.on(UPDATE_CONSUMER_OFFSET, () => {
      throw new Error('a defect')
    })
    expect((await assignments.assign('T', [])).removed).toEqual([queue(0)])
    expect(errors).toEqual([expect.objectContaining({ code: 'OFFSET_STORE_FAILED' })])
    expect(assignments.queues).toEqual([])
  })

  it('tell a typed error also where a store of the user’s throws anything', async () => {
    const offsetStore = {
      update: () => undefined,
      remove: () => undefined,
      persist: () => {
        throw new TypeError('a defect')
      },
    }
    const { assignments, errors } = await setup({ offsetStore: offsetStore as never })
    await assignments.assign('T', [queue(0)])
    expect((await assignments.assign('T', [])).complete).toBe(true)
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_STATE', cause: expect.any(TypeError) })])
  })
})

describe('orderly queues', () => {
  it('are locked before their start is asked for, all with one request', async () => {
    const order: string[] = []
    const { assignments, client } = await setup({
      orderly: true,
      startOffset: async () => {
        order.push('start offset')
        return 0
      },
    })
    client.on(LOCK_BATCH_MQ, ({ body }) => {
      order.push('lock')
      return { code: 'SUCCESS', body: { lockOKMQSet: (body as LockBatch).mqSet } }
    })
    await assignments.assign('T', [queue(0), queue(1)])
    expect(order).toEqual(['lock', 'start offset', 'start offset'])
  })

  it('are left for a later round where another member has the lock', async () => {
    const { assignments, client } = await setup({ orderly: true })
    client.on(LOCK_BATCH_MQ, () => ({ code: 'SUCCESS', body: { lockOKMQSet: [queue(1)] } }))
    const change = await assignments.assign('T', [queue(0), queue(1)])
    expect(change).toEqual({ added: [queue(1)], removed: [], complete: false })
  })

  it('are unlocked again where their start cannot be told', async () => {
    const { assignments, client, locks } = await setup({
      orderly: true,
      startOffset: async () => Promise.reject(new Error('no answer')),
    })
    await assignments.assign('T', [queue(0)])
    expect(client.sent(UNLOCK_BATCH_MQ).map(({ body }) => (body as LockBatch).mqSet)).toEqual([[queue(0)]])
    expect(locks?.isLocked(queue(0))).toBe(false)
  })

  it('are written down and then unlocked, once their listener has ended', async () => {
    const { assignments, client, offsetStore, commits } = await setup({ orderly: true })
    await assignments.assign('T', [queue(0)])
    const { processQueue, taken } = withListener(assignments)
    const giving = assignments.assign('T', [])
    await client.settle()
    expect([processQueue.sealed, processQueue.dropped]).toEqual([true, false])
    offsetStore.update(queue(0), processQueue.finish(taken) ?? 0, { increaseOnly: false })
    expect((await giving).removed).toEqual([queue(0)])
    expect(commits()).toEqual([[0, 51, true]])
    expect(client.requests.map(({ command }) => command).slice(-2)).toEqual([
      'UPDATE_CONSUMER_OFFSET',
      'UNLOCK_BATCH_MQ',
    ])
  })

  it('keep their lock, for a later round, while their listener runs', async () => {
    const { assignments, client, locks } = await setup({ orderly: true })
    await assignments.assign('T', [queue(0)])
    const { processQueue, taken } = withListener(assignments)
    const giving = assignments.assign('T', [])
    await client.clock.advance(500)
    expect(await giving).toEqual({ added: [], removed: [], complete: false })
    expect([assignments.queues, processQueue.dropped, locks?.isLocked(queue(0))]).toEqual([[queue(0)], false, true])
    processQueue.finish(taken)
    expect((await assignments.assign('T', [])).removed).toEqual([queue(0)])
  })

  it('are given back under a listener that does not end once their lock is 20 s old', async () => {
    const { assignments, client } = await setup({ orderly: true })
    await assignments.assign('T', [queue(0)])
    const { processQueue } = withListener(assignments)
    await client.clock.advance(20_000)
    const giving = assignments.assign('T', [])
    await client.clock.advance(500)
    expect((await giving).removed).toEqual([queue(0)])
    expect(processQueue.signal.aborted).toBe(true)
  })

  it('that wait to be given back are taken anew when they are wanted again', async () => {
    const { assignments, client } = await setup({ orderly: true })
    await assignments.assign('T', [queue(0)])
    const { processQueue, taken } = withListener(assignments)
    const giving = assignments.assign('T', [])
    await client.clock.advance(500)
    await giving
    processQueue.finish(taken)
    const change = await assignments.assign('T', [queue(0)])
    expect(change).toEqual({ added: [queue(0)], removed: [queue(0)], complete: true })
    expect(assignments.get(queue(0))?.processQueue).not.toBe(processQueue)
  })
})

describe('a reset of an offset', () => {
  it('drops what is in hand, writes the offset down, and gives the queue up', async () => {
    const { assignments, loops, offsetStore, commits } = await setup()
    await assignments.assign('T', [queue(0)])
    const { processQueue } = assignments.get(queue(0)) as { processQueue: ProcessQueue }
    await assignments.reset(queue(0), 5)
    expect([processQueue.dropped, loops, assignments.queues]).toEqual([true, ['stop T/0'], []])
    expect([commits(), offsetStore.current(queue(0))]).toEqual([[[0, 5, true]], undefined])
  })

  it('waits for a listener up to 10 s, whose late result undoes nothing', async () => {
    const { assignments, client, offsetStore, commits } = await setup()
    await assignments.assign('T', [queue(0)])
    const { processQueue, taken } = withListener(assignments)
    const resetting = assignments.reset(queue(0), 5)
    await client.clock.advance(9999)
    expect(commits()).toEqual([])
    await client.clock.advance(1)
    await resetting
    expect(commits()).toEqual([[0, 5, true]])
    expect(processQueue.finish(taken)).toBeUndefined()
    expect(offsetStore.current(queue(0))).toBeUndefined()
  })

  it('is over as soon as the listener has ended', async () => {
    const { assignments, client, commits } = await setup()
    await assignments.assign('T', [queue(0)])
    const { processQueue, taken } = withListener(assignments)
    const resetting = assignments.reset(queue(0), 5)
    await client.clock.advance(100)
    processQueue.giveBack(taken)
    await resetting
    expect(commits()).toEqual([[0, 5, true]])
  })

  it('keeps rounds from taking or giving back the queue meanwhile', async () => {
    const { assignments, client } = await setup()
    await assignments.assign('T', [queue(0), queue(1)])
    const answer = deferred()
    client.on(UPDATE_CONSUMER_OFFSET, async () => {
      await answer.promise
      return { code: 'SUCCESS' }
    })
    const resetting = assignments.reset(queue(0), 5)
    await client.settle()
    expect(await assignments.assign('T', [queue(0), queue(1)])).toEqual({ added: [], removed: [], complete: true })
    void assignments.reset(queue(0), 9)
    answer.resolve()
    await resetting
    expect(client.sent(UPDATE_CONSUMER_OFFSET)).toHaveLength(1)
    expect((await assignments.assign('T', [queue(0), queue(1)])).added).toEqual([queue(0)])
  })

  it('that begins while the queue is given back keeps the same round from taking it anew', async () => {
    const { assignments, client, offsetStore } = await setup({ orderly: true })
    await assignments.assign('T', [queue(0)])
    await offsetStore.persist([queue(0)], { confirmed: true })
    const { processQueue, taken } = withListener(assignments)
    const giving = assignments.assign('T', [])
    await client.clock.advance(500)
    await giving
    const answer = deferred()
    client.on(UPDATE_CONSUMER_OFFSET, async () => {
      await answer.promise
      return { code: 'SUCCESS' }
    })
    const wanted = assignments.assign('T', [queue(0)])
    await client.settle()
    const resetting = assignments.reset(queue(0), 5)
    processQueue.giveBack(taken)
    // Else the end of the reset would forget what was taken, whose loop would pull on for ever.
    expect(await wanted).toEqual({ added: [], removed: [queue(0)], complete: true })
    answer.resolve()
    await resetting
    expect((await assignments.assign('T', [queue(0)])).added).toEqual([queue(0)])
  })

  it('gives back the lock, for whoever is to have the queue now, but not under a listener', async () => {
    const { assignments, client, locks } = await setup({ orderly: true })
    const unlocked = () => client.sent(UNLOCK_BATCH_MQ).flatMap(({ body }) => (body as LockBatch).mqSet)
    await assignments.assign('T', [queue(0), queue(1)])
    await assignments.reset(queue(0), 5)
    expect([unlocked(), locks?.isLocked(queue(0))]).toEqual([[queue(0)], false])
    withListener(assignments, queue(1))
    const resetting = assignments.reset(queue(1), 5)
    await client.clock.advance(10_000)
    await resetting
    expect(unlocked()).toEqual([queue(0)])
  })

  it('does nothing to a queue that is not ours', async () => {
    const { assignments, commits } = await setup()
    await assignments.reset(queue(0), 5)
    expect(commits()).toEqual([])
  })

  it('frees the queue also where the offset cannot be written, which is told', async () => {
    const { assignments, client, errors } = await setup()
    await assignments.assign('T', [queue(0)])
    client.on(UPDATE_CONSUMER_OFFSET, () => {
      throw new RocketMQError('CONNECT_FAILED', 'gone')
    })
    await assignments.reset(queue(0), 5)
    expect(errors).toEqual([expect.objectContaining({ code: 'OFFSET_STORE_FAILED' })])
    expect((await assignments.assign('T', [queue(0)])).added).toEqual([queue(0)])
  })
})
