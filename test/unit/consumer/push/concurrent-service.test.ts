import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { concurrentSetup, gone, textsOf } from '../../../support/concurrent-setup'
import { deferred } from '../../../support/fake-client'
import { queueOf } from '../../../support/process-queues'

describe('how many listener calls run', () => {
  it('is bounded, and a place that is free is used at once', async () => {
    const { service, calls, settle } = concurrentSetup()
    service.submit(queueOf(0, 10))
    expect([calls.length, service.running]).toEqual([3, 3])
    calls[1]?.end()
    await settle()
    expect([calls.length, service.running]).toEqual([4, 3])
  })

  it('follows the number that is set while they run', async () => {
    const { service, calls, settle } = concurrentSetup()
    service.submit(queueOf(0, 20))
    service.updateConcurrency(5)
    expect(service.running).toBe(5)
    service.updateConcurrency(1)
    for (const call of [...calls]) call.end()
    await settle()
    expect([calls.length, service.running]).toEqual([6, 1])
  })

  it('does not matter to a listener that returns at once', () => {
    const seen: string[] = []
    const { service, commits } = concurrentSetup({
      concurrency: 1,
      listener: ([message]) => void seen.push(message?.text() ?? ''),
    })
    service.submit(queueOf(0, 4))
    expect(seen).toEqual(['0/0', '0/1', '0/2', '0/3'])
    expect(commits.at(-1)).toBe('0:4')
    expect(service.running).toBe(0)
  })
})

describe('queues with messages', () => {
  it('are served in turn, so that none starves', async () => {
    const { service, calls } = concurrentSetup({ concurrency: 6 })
    service.updateConcurrency(1)
    for (const id of [0, 1, 2]) service.submit(queueOf(id, 10))
    service.updateConcurrency(7)
    expect(textsOf(calls)).toEqual(['0/0', '1/0', '2/0', '0/1', '1/1', '2/1', '0/2'])
  })

  it('hand out batches of at most the size that was set', () => {
    const { service, calls } = concurrentSetup({ batchSize: 4 })
    service.submit(queueOf(0, 10))
    expect(calls.map(call => call.texts.length)).toEqual([4, 4, 2])
  })

  it('let other work go on while a listener that returns at once has much to do', async () => {
    const clock = new ManualClock()
    let handled = 0
    const { service } = concurrentSetup({
      clock,
      listener: () => {
        handled++
        // Time stands still within a turn: the listener takes its own.
        jest.spyOn(clock, 'monotonic').mockReturnValue(handled * 6)
      },
    })
    service.submit(queueOf(0, 9))
    service.submit(queueOf(1, 1))
    expect(handled).toBe(2)
    await new Promise(resolve => setImmediate(resolve))
    expect(handled).toBe(4)
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(handled).toBe(10)
  })

  it('give each call a context of its own, with the signal of the queue', () => {
    const { service, calls } = concurrentSetup()
    const queue = queueOf(0, 2)
    service.submit(queue)
    expect(calls[0]?.context).toEqual({ consumerGroup: 'g', messageQueue: queue.queue, signal: queue.signal })
    expect(calls[0]?.context === calls[1]?.context).toBe(false)
  })
})

describe('a message whose listener succeeds', () => {
  it.each([undefined, 'CONSUME_SUCCESS'])('with %p is done', async result => {
    const { service, calls, commits, sentBack, settle } = concurrentSetup()
    service.submit(queueOf(0, 1))
    calls[0]?.end(result)
    await settle()
    expect([commits, sentBack]).toEqual([['0:1'], []])
  })

  it('is committed only when those before it are done', async () => {
    const { service, calls, commits, settle } = concurrentSetup()
    service.submit(queueOf(0, 3))
    calls[2]?.end()
    calls[1]?.end()
    await settle()
    expect(commits).toEqual([])
    calls[0]?.end()
    await settle()
    expect(commits).toEqual(['0:3'])
  })

  it('counts by a promise of another make, once', async () => {
    const thenable = {
      then: (resolve: () => void) => {
        resolve()
        resolve()
        throw new Error('and more')
      },
    }
    const { service, settle } = concurrentSetup({ listener: () => thenable as never })
    service.submit(queueOf(0, 1))
    await settle()
    expect(service.running).toBe(0)
  })
})

describe('the end of the service', () => {
  it('waits for the calls that run and for what they hand back, and begins no more', async () => {
    const { service, calls, back, settle } = concurrentSetup({ concurrency: 1 })
    const accepted = deferred()
    back.outcome = () => accepted.promise
    service.submit(queueOf(0, 5))
    let drained = false
    void service.drain().then(() => (drained = true))
    calls[0]?.end('RECONSUME_LATER')
    await settle()
    expect([calls.length, drained]).toEqual([1, false])
    accepted.resolve()
    await settle()
    expect(drained).toBe(true)
    service.submit(queueOf(1, 1))
    expect(calls).toHaveLength(1)
  })

  it('does not wait for messages that would come again in place', async () => {
    const { service, calls, back } = concurrentSetup()
    back.outcome = () => Promise.reject(gone)
    service.submit(queueOf(0, 1))
    calls[0]?.end('RECONSUME_LATER')
    await service.drain()
    expect(calls).toHaveLength(1)
  })
})

describe('a defect around the listener', () => {
  it('costs no place and stops nothing', async () => {
    const { service, calls, errors, settle } = concurrentSetup({
      concurrency: 1,
      onCommit: () => {
        throw new Error('the store is broken')
      },
    })
    service.submit(queueOf(0, 3))
    for (let i = 0; i < 3; i++) {
      calls[i]?.end()
      await settle()
    }
    expect([calls.length, service.running]).toEqual([3, 0])
    expect(errors.map(({ cause }) => (cause as Error).message)).toEqual(Array(3).fill('the store is broken'))
  })

  it('costs no place either where the listener returns at once', () => {
    const seen: number[] = []
    const { service } = concurrentSetup({
      concurrency: 1,
      listener: ([message]) => void seen.push(message?.queueOffset ?? -1),
      onCommit: () => {
        throw new Error('the store is broken')
      },
    })
    service.submit(queueOf(0, 3))
    expect([seen, service.running]).toEqual([[0, 1, 2], 0])
  })
})

describe('what the listener sets on its context', () => {
  it('is of its call alone', async () => {
    const { service, calls, sentBack, settle } = concurrentSetup()
    service.submit(queueOf(0, 2))
    Object.assign(calls[0]?.context as object, { delayLevelWhenNextConsume: 4 })
    for (const call of calls) call.end('RECONSUME_LATER')
    await settle()
    expect(sentBack).toEqual(['0/0 at 4', '0/1 at 0'])
  })

  it('as ackIndex has the messages after it sent back, although it returned success', async () => {
    const { service, calls, commits, sentBack, settle } = concurrentSetup({ batchSize: 3 })
    service.submit(queueOf(0, 3))
    Object.assign(calls[0]?.context as object, { ackIndex: 0, delayLevelWhenNextConsume: 2 })
    calls[0]?.end()
    await settle()
    expect(sentBack).toEqual(['0/1 at 2', '0/2 at 2'])
    expect(commits).toEqual(['0:1', '0:2', '0:3'])
  })

  it('as delay level holds for an error, too', async () => {
    const { service, calls, sentBack, listenerErrors, settle } = concurrentSetup()
    service.submit(queueOf(0, 1))
    Object.assign(calls[0]?.context as object, { delayLevelWhenNextConsume: -1 })
    calls[0]?.fail(new Error('poison'))
    await settle()
    expect(sentBack).toEqual(['0/0 at -1'])
    expect(listenerErrors).toEqual(['poison for 0/0'])
  })

  it('wrongly is an error of the listener, whose messages come again', async () => {
    const { service, sentBack, listenerErrors, settle } = concurrentSetup({
      listener: (_messages, context) => {
        context.ackIndex = 0.5
      },
    })
    service.submit(queueOf(0, 1))
    await settle()
    expect(sentBack).toEqual(['0/0 at 0'])
    expect(listenerErrors).toEqual([expect.stringContaining('context.ackIndex')])
  })
})
