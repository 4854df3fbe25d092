import type { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { RocketMQError } from '../../../../lib/errors'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { type Call, TIMEOUT_MS, concurrentSetup, gone, textsOf } from '../../../support/concurrent-setup'
import { deferred } from '../../../support/fake-client'
import { fill, queueOf } from '../../../support/process-queues'

describe('a message whose listener fails', () => {
  it.each<[string, (call: Call) => void, string[]]>([
    ['asks for a later try', call => call.end('RECONSUME_LATER'), []],
    ['rejects', call => call.fail(new Error('a defect')), ['a defect for 0/0']],
    ['rejects with what is no error', call => call.fail('text'), ['text for 0/0']],
    ['returns what is no result', call => call.end(5), [expect.stringContaining('the listener returned 5') as never]],
    ['returns null', call => call.end(null), [expect.stringContaining('the listener returned null') as never]],
  ])('goes back to its broker when it %s', async (_, end, errors) => {
    const { service, calls, commits, sentBack, listenerErrors, settle } = concurrentSetup()
    service.submit(queueOf(0, 1))
    end(calls[0] as Call)
    await settle()
    expect(sentBack).toEqual(['0/0 at 0'])
    expect(commits).toEqual(['0:1'])
    expect(listenerErrors).toEqual(errors)
  })

  it('goes back when it throws at once, and the others go on', async () => {
    const { service, sentBack, commits, settle } = concurrentSetup({
      listener: ([message]) => {
        if (message?.text() === '0/1') throw new Error('a defect')
      },
    })
    service.submit(queueOf(0, 3))
    await settle()
    expect(sentBack).toEqual(['0/1 at 0'])
    expect(commits.at(-1)).toBe('0:3')
    expect(service.running).toBe(0)
  })

  it('is not committed before the broker has accepted it', async () => {
    const { service, calls, commits, back, settle } = concurrentSetup()
    const accepted = deferred()
    back.outcome = () => accepted.promise
    service.submit(queueOf(0, 2))
    calls[0]?.end('RECONSUME_LATER')
    calls[1]?.end()
    await settle()
    expect(commits).toEqual([])
    accepted.resolve()
    await settle()
    expect(commits).toEqual(['0:2'])
  })

  it('goes back at the level that the listener wants, from the first that failed', async () => {
    const { service, calls, commits, sentBack, settle } = concurrentSetup({ batchSize: 4 })
    service.submit(queueOf(0, 4))
    calls[0]?.end({ status: 'RECONSUME_LATER', firstFailed: 2, delayLevel: 5 })
    await settle()
    expect(sentBack).toEqual(['0/2 at 5', '0/3 at 5'])
    expect(commits.at(-1)).toBe('0:4')
  })

  it('does not go back when the result says that none failed', async () => {
    const { service, calls, sentBack, commits, settle } = concurrentSetup({ batchSize: 2 })
    service.submit(queueOf(0, 2))
    calls[0]?.end({ status: 'RECONSUME_LATER', firstFailed: 2 })
    await settle()
    expect([sentBack, commits]).toEqual([[], ['0:2']])
  })

  it('takes a place while it is on its way, so that no broker is flooded', async () => {
    const accepted = deferred()
    const { service, sentBack, back, settle } = concurrentSetup({
      concurrency: 3,
      listener: () => {
        throw new Error('always')
      },
    })
    back.outcome = () => accepted.promise
    service.submit(queueOf(0, 100))
    await settle()
    expect([sentBack.length, service.running]).toEqual([3, 0])
    accepted.resolve()
    await settle()
    expect(sentBack).toHaveLength(100)
  })

  it('is told where its commit breaks, and the end of the service does not hang on that', async () => {
    const { service, calls, errors, settle } = concurrentSetup({
      onCommit: () => {
        throw new Error('the store is broken')
      },
    })
    service.submit(queueOf(0, 1))
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    expect(errors.map(({ cause }) => (cause as Error).message)).toEqual(['the store is broken'])
    await expect(service.drain()).resolves.toBeUndefined()
  })

  it('takes no place while it waits to come again in place', async () => {
    const { service, calls, back, settle } = concurrentSetup({ concurrency: 1 })
    back.outcome = () => Promise.reject(gone)
    service.submit(queueOf(0, 2))
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    expect(textsOf(calls)).toEqual(['0/0', '0/1'])
  })

  it('is dropped when broadcasting, where nothing goes back', async () => {
    const { service, calls, commits, listenerErrors, settle } = concurrentSetup({ sendBack: undefined })
    service.submit(queueOf(0, 1))
    calls[0]?.fail(new Error('a defect'))
    await settle()
    expect([commits, listenerErrors]).toEqual([['0:1'], ['a defect for 0/0']])
  })
})

describe('a message that no broker takes back', () => {
  it('comes again in place after 5 s, as tried once more, and holds the commit', async () => {
    const { service, calls, commits, errors, back, clock, settle } = concurrentSetup()
    back.outcome = () => Promise.reject(gone)
    const queue = queueOf(0, 0)
    const [message] = fill(queue, 1)
    service.submit(queue)
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    expect(errors).toEqual([gone])
    await clock.advance(4999)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(textsOf(calls)).toEqual(['0/0', '0/0'])
    expect(message?.reconsumeTimes).toBe(1)
    expect(commits).toEqual([])
    calls[1]?.end()
    await settle()
    expect(commits).toEqual(['0:1'])
  })

  it('does not come again here when its queue was given away meanwhile', async () => {
    const { service, calls, back, clock, settle } = concurrentSetup()
    back.outcome = () => Promise.reject(gone)
    const queue = queueOf(0, 1)
    service.submit(queue)
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    queue.drop()
    await clock.advance(5000)
    expect(calls).toHaveLength(1)
    await expect(queue.whenIdle()).resolves.toBeUndefined()
  })
})

describe('a queue that was given away', () => {
  it('neither commits nor sends back what its listeners say later', async () => {
    const { service, calls, commits, sentBack, settle } = concurrentSetup()
    const queue = queueOf(0, 2)
    service.submit(queue)
    queue.drop()
    calls[0]?.end()
    calls[1]?.end('RECONSUME_LATER')
    await settle()
    expect([commits, sentBack]).toEqual([[], []])
    await expect(queue.whenIdle()).resolves.toBeUndefined()
  })

  it('begins no more calls', () => {
    const { service, calls } = concurrentSetup()
    const queue = queueOf(0, 10)
    queue.drop()
    service.submit(queue)
    expect(calls).toEqual([])
  })
})

describe('an unreadable message', () => {
  const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')

  function queueWithDamage(messages: number, damaged: number): ProcessQueue {
    const queue = queueOf(0, 0)
    const added = fill(queue, messages)
    ;(added[damaged] as StoredMessage).unreadable = unreadable
    return queue
  }

  it('goes back without the listener having seen it, and is told', async () => {
    const { service, calls, sentBack, errors, settle } = concurrentSetup({ batchSize: 3 })
    service.submit(queueWithDamage(3, 1))
    await settle()
    expect(sentBack).toEqual(['0/1 at 0'])
    expect(errors).toEqual([unreadable])
    expect(textsOf(calls)).toEqual(['0/0', '0/2'])
  })

  it('takes a place only as long as it is on its way', async () => {
    const { service, calls, settle } = concurrentSetup({ concurrency: 1 })
    service.submit(queueWithDamage(2, 0))
    expect(calls).toEqual([])
    await settle()
    expect(textsOf(calls)).toEqual(['0/1'])
  })

  it('is passed over when broadcasting', async () => {
    const { service, calls, commits, settle } = concurrentSetup({ sendBack: undefined })
    service.submit(queueWithDamage(2, 0))
    calls[0]?.end()
    await settle()
    expect([textsOf(calls), commits.at(-1)]).toEqual([['0/1'], '0:2'])
  })
})

describe('a listener that takes too long', () => {
  it('keeps its place, while its message is sent back and its result counts no more', async () => {
    const { service, calls, commits, sentBack, errors, clock, settle } = concurrentSetup({ concurrency: 1 })
    const queue = queueOf(0, 2)
    service.submit(queue)
    await clock.advance(TIMEOUT_MS - 1)
    service.sweepTimeouts([queue])
    expect(sentBack).toEqual([])
    await clock.advance(1)
    service.sweepTimeouts([queue])
    service.sweepTimeouts([queue])
    await settle()
    expect(sentBack).toEqual(['0/0 at 3'])
    expect(errors).toEqual([expect.objectContaining({ code: 'LISTENER_TIMEOUT', topic: 'Orders', group: 'g' })])
    expect([commits, calls.length, service.running]).toEqual([['0:1'], 1, 1])
    calls[0]?.fail(new Error('late'))
    await settle()
    expect(sentBack).toHaveLength(1)
    expect(textsOf(calls)).toEqual(['0/0', '0/1'])
  })

  it('is looked for among the first 16 messages only', async () => {
    const { service, sentBack, clock, settle } = concurrentSetup({ batchSize: 20 })
    const queue = queueOf(0, 20)
    service.submit(queue)
    await clock.advance(TIMEOUT_MS)
    service.sweepTimeouts([queue])
    await settle()
    expect(sentBack).toHaveLength(16)
  })

  it('has its message again where no broker takes that, and its result counts', async () => {
    const { service, calls, commits, back, clock, settle } = concurrentSetup()
    back.outcome = () => Promise.reject(gone)
    const queue = queueOf(0, 1)
    service.submit(queue)
    await clock.advance(TIMEOUT_MS)
    service.sweepTimeouts([queue])
    await settle()
    expect(commits).toEqual([])
    calls[0]?.end()
    await settle()
    expect(commits).toEqual(['0:1'])
  })

  it('has its message handed out again where it failed while that was on its way back in vain', async () => {
    const { service, calls, back, clock, settle } = concurrentSetup()
    const answer = deferred()
    back.outcome = () => answer.promise
    const queue = queueOf(0, 1)
    service.submit(queue)
    await clock.advance(TIMEOUT_MS)
    service.sweepTimeouts([queue])
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    answer.reject(gone)
    await clock.advance(5000)
    expect(calls).toHaveLength(2)
  })

  it('loses its message when broadcasting', async () => {
    const { service, commits, clock, settle } = concurrentSetup({ sendBack: undefined })
    const queue = queueOf(0, 1)
    service.submit(queue)
    await clock.advance(TIMEOUT_MS)
    service.sweepTimeouts([queue])
    await settle()
    expect(commits).toEqual(['0:1'])
  })
})
