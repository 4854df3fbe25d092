import { deferred } from '../../../support/fake-client'
import { SUSPEND, batchesOf, orderlySetup } from '../../../support/orderly-setup'
import { fill, queueOf } from '../../../support/process-queues'

describe('the messages of a queue', () => {
  it('come one after the other, in order, each after the one before has ended', async () => {
    const { service, calls, commits, end, settle } = orderlySetup()
    const queue = queueOf(0, 3)
    service.submit(queue)
    service.submit(queue)
    await settle()
    expect(batchesOf(calls)).toEqual(['0/0'])
    await end()
    fill(queue, 1)
    service.submit(queue)
    await end('SUCCESS')
    await end()
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '0/1', '0/2', '0/3'])
    expect(commits).toEqual(['0:1', '0:2', '0:3', '0:4'])
    expect(service.running).toBe(0)
  })

  it('come in batches where that is wanted', async () => {
    const { service, calls, commits, end, settle } = orderlySetup({ batchSize: 2 })
    service.submit(queueOf(0, 3))
    await settle()
    await end()
    await end()
    expect(batchesOf(calls)).toEqual(['0/0,0/1', '0/2'])
    expect(commits).toEqual(['0:2', '0:3'])
  })

  it('come beside those of other queues, as many queues at a time as may', async () => {
    const { service, calls, end, settle } = orderlySetup({ concurrency: 2 })
    for (const id of [0, 1, 2]) service.submit(queueOf(id, 1))
    await settle()
    expect(batchesOf(calls)).toEqual(['0/0', '1/0'])
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '1/0', '2/0'])
    service.updateConcurrency(3)
    service.submit(queueOf(3, 1))
    await settle()
    expect(calls).toHaveLength(4)
  })

  it('come from a listener that returns at once, too', async () => {
    const seen: string[] = []
    const { service, settle } = orderlySetup({ listener: ([message]) => void seen.push(message?.text() ?? '') })
    service.submit(queueOf(0, 3))
    await settle()
    expect(seen).toEqual(['0/0', '0/1', '0/2'])
  })

  it('let a queue that waits have its turn after a minute', async () => {
    const { service, calls, clock, end, settle } = orderlySetup({ concurrency: 1 })
    service.submit(queueOf(0, 10))
    service.submit(queueOf(1, 10))
    await settle()
    await clock.advance(60_001)
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '1/0'])
    await clock.advance(60_001)
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '1/0', '0/1'])
  })

  it('come one after the other also where the queue was given away meanwhile and has come again', async () => {
    const { service, calls, end, settle } = orderlySetup()
    const [lost, again] = [queueOf(0, 2), queueOf(0, 2)]
    service.submit(lost)
    await settle()
    lost.drop()
    service.submit(again)
    await settle()
    expect(batchesOf(calls)).toEqual(['0/0'])
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '0/0'])
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '0/0', '0/1'])
  })

  it('are not held up by a failure of another queue', async () => {
    const { service, calls, end, settle } = orderlySetup({ concurrency: 1 })
    service.submit(queueOf(0, 1))
    service.submit(queueOf(1, 1))
    await settle()
    await end(SUSPEND)
    expect(batchesOf(calls)).toEqual(['0/0', '1/0'])
  })
})

describe('a queue that is not locked', () => {
  it('is locked first', async () => {
    const { service, calls, locks, settle } = orderlySetup()
    locks.held.clear()
    locks.onLock = () => locks.held.add(0)
    service.submit(queueOf(0, 1))
    await settle()
    expect([locks.asked, calls.length]).toEqual([1, 1])
  })

  it('is tried again after 3 s, and takes no place meanwhile', async () => {
    const { service, calls, locks, clock, settle } = orderlySetup()
    locks.held.clear()
    service.submit(queueOf(0, 1))
    await settle()
    await clock.advance(2999)
    expect([locks.asked, calls.length, service.running]).toEqual([1, 0, 0])
    locks.held.add(0)
    await clock.advance(1)
    expect(calls).toHaveLength(1)
  })

  it('hands out nothing more when the lock is lost between two messages', async () => {
    const { service, calls, locks, clock, end, settle } = orderlySetup()
    service.submit(queueOf(0, 2))
    await settle()
    locks.held.clear()
    await end()
    expect(calls).toHaveLength(1)
    locks.held.add(0)
    await clock.advance(3000)
    expect(batchesOf(calls)).toEqual(['0/0', '0/1'])
  })

  it('needs no lock when broadcasting', async () => {
    const { service, calls, settle } = orderlySetup({ locks: undefined })
    service.submit(queueOf(0, 1))
    await settle()
    expect(calls).toHaveLength(1)
  })

  it('hands out nothing, not even an empty batch, when it was given away while it was being locked', async () => {
    const { service, calls, locks, settle } = orderlySetup()
    const answer = deferred()
    locks.held.clear()
    locks.onLock = () => answer.promise
    const queue = queueOf(0, 1)
    service.submit(queue)
    await settle()
    queue.seal()
    locks.held.add(0)
    answer.resolve()
    await settle()
    expect([calls.length, service.running]).toEqual([0, 0])
  })
})

describe('a queue that is handed over', () => {
  it('lets the listener end and commits it, but begins no more', async () => {
    const { service, calls, commits, end, settle } = orderlySetup()
    const queue = queueOf(0, 3)
    service.submit(queue)
    await settle()
    queue.seal()
    const idle = queue.whenIdle()
    await end()
    await idle
    expect([batchesOf(calls), commits]).toEqual([['0/0'], ['0:1']])
  })

  it.each(['seal', 'drop'] as const)('is idle after a failure, too, and tries nothing again: %s', async how => {
    const { service, calls, commits, clock, end, settle } = orderlySetup()
    const queue = queueOf(0, 3)
    service.submit(queue)
    await settle()
    queue[how]()
    await end(SUSPEND)
    await queue.whenIdle()
    await clock.advance(5000)
    expect([calls.length, commits]).toEqual([1, []])
  })

  it('commits nothing once it is no longer ours', async () => {
    const { service, commits, end, settle } = orderlySetup()
    const queue = queueOf(0, 1)
    service.submit(queue)
    await settle()
    queue.drop()
    await end()
    expect(commits).toEqual([])
  })
})

describe('the end of the service', () => {
  it('waits for the calls that run, and for no suspension', async () => {
    const { service, calls, end, settle } = orderlySetup()
    service.submit(queueOf(0, 3))
    service.submit(queueOf(1, 3))
    await settle()
    await end(SUSPEND)
    let drained = false
    void service.drain().then(() => (drained = true))
    await settle()
    expect(drained).toBe(false)
    calls[0]?.end()
    await settle()
    expect(drained).toBe(true)
    expect(batchesOf(calls)).toEqual(['0/0', '1/0'])
    service.submit(queueOf(2, 1))
    await settle()
    expect(calls).toHaveLength(2)
  })
})

describe('a defect around a run', () => {
  it('costs no place, and is told', async () => {
    const { service, calls, errors, clock, settle } = orderlySetup({
      concurrency: 1,
      onListenerError: () => {
        throw new Error('a listener of the event is broken')
      },
    })
    service.submit(queueOf(0, 1))
    service.submit(queueOf(1, 1))
    await settle()
    calls[0]?.fail(new Error('a defect'))
    await clock.advance(0)
    expect(batchesOf(calls)).toEqual(['0/0', '1/0'])
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_STATE' })])
  })
})

describe('commits by hand', () => {
  /** A service whose listener returns the outcomes one after the other, without automatic commits. */
  async function run(messages: number, outcomes: readonly unknown[], batchSize = 1) {
    const left = [...outcomes]
    const seen: string[] = []
    const parts = orderlySetup({
      batchSize,
      listener: (given, context) => {
        context.autoCommit = false
        seen.push(given.map(message => message.text()).join())
        return left.length > 0 ? (left.shift() as never) : 'SUCCESS'
      },
    })
    const queue = queueOf(0, messages)
    parts.service.submit(queue)
    await parts.settle()
    return { ...parts, queue, seen }
  }

  it('keep what was handled in hand until there is one', async () => {
    const { seen, commits, queue } = await run(3, ['SUCCESS', undefined, 'COMMIT'])
    expect(seen).toEqual(['0/0', '0/1', '0/2'])
    expect(commits).toEqual(['0:3'])
    expect(queue.count).toBe(0)
  })

  it('commit nothing of what is kept', async () => {
    const { seen, commits, queue } = await run(3, ['COMMIT'])
    expect(seen).toEqual(['0/0', '0/1', '0/2'])
    expect(commits).toEqual(['0:1'])
    expect(queue).toMatchObject({ count: 2, running: 0 })
  })

  it('have all that is kept handed out again after a rollback, in order, and after a pause', async () => {
    const { seen, commits, clock } = await run(4, ['SUCCESS', 'SUCCESS', 'ROLLBACK'])
    expect(seen.splice(0)).toEqual(['0/0', '0/1', '0/2'])
    await clock.advance(999)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['0/0', '0/1', '0/2', '0/3'])
    expect(commits).toEqual([])
  })

  it('roll back again in order what was rolled back before', async () => {
    const { seen, clock } = await run(3, ['SUCCESS', 'SUCCESS', 'ROLLBACK', 'SUCCESS', 'ROLLBACK'])
    await clock.advance(1000)
    await clock.advance(1000)
    expect(seen.join(' ')).toBe('0/0 0/1 0/2 0/0 0/1 0/0 0/1 0/2')
  })

  it('suspend only the messages of the call, and keep the others', async () => {
    const { seen, commits, clock } = await run(2, ['SUCCESS', SUSPEND, 'COMMIT'])
    await clock.advance(1000)
    expect(seen).toEqual(['0/0', '0/1', '0/1'])
    expect(commits).toEqual(['0:2'])
  })

  it('let a queue go whose messages are kept', async () => {
    const { queue, commits, service } = await run(2, [])
    queue.seal()
    await queue.whenIdle()
    queue.drop()
    await service.drain()
    expect(commits).toEqual([])
  })

  it('end with the first call that does not ask for them', async () => {
    const byHand = [true, true, false]
    const { service, settle, commits } = orderlySetup({
      listener: (_messages, context) => {
        context.autoCommit = byHand.shift() === false
      },
    })
    service.submit(queueOf(0, 3))
    await settle()
    expect(commits).toEqual(['0:3'])
  })
})

describe('the time of a suspension that the listener sets on its context', () => {
  it.each([
    ['returns', (): string => SUSPEND],
    [
      'throws',
      (): never => {
        throw new Error('no')
      },
    ],
  ])('holds where the listener %s', async (_, outcome) => {
    let calls = 0
    const { service, clock, settle } = orderlySetup({
      listener: (_messages, context) => {
        calls++
        context.suspendCurrentQueueTimeMs = 50
        return outcome() as never
      },
    })
    service.submit(queueOf(0, 1))
    await settle()
    await clock.advance(49)
    expect(calls).toBe(1)
    await clock.advance(1)
    expect(calls).toBe(2)
  })
})
