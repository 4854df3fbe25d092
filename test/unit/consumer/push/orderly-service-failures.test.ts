import { RocketMQError } from '../../../../lib/errors'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { gone } from '../../../support/concurrent-setup'
import { type OrderlyCall, SUSPEND, batchesOf, orderlySetup } from '../../../support/orderly-setup'
import { fill, queueOf } from '../../../support/process-queues'

describe('a message that fails', () => {
  it.each<[string, (call: OrderlyCall) => void, string[]]>([
    ['is to wait', call => call.end(SUSPEND), []],
    ['rejects', call => call.fail(new Error('a defect')), ['a defect for 0/0']],
    ['is answered with no result', call => call.end('COMMIT'), [expect.stringContaining("returned 'COMMIT'") as never]],
  ])('stops its queue and comes again, as tried once more, when it %s', async (_, finish, errors) => {
    const { service, calls, commits, listenerErrors, clock, settle } = orderlySetup()
    const queue = queueOf(0, 0)
    const [first] = fill(queue, 2)
    service.submit(queue)
    await settle()
    finish(calls[0] as OrderlyCall)
    await clock.advance(999)
    expect(batchesOf(calls)).toEqual(['0/0'])
    await clock.advance(1)
    expect(batchesOf(calls)).toEqual(['0/0', '0/0'])
    expect(first?.reconsumeTimes).toBe(1)
    expect([commits, listenerErrors]).toEqual([[], errors])
  })

  it('comes again when it throws at once', async () => {
    let tries = 0
    const { service, commits, clock } = orderlySetup({
      listener: () => {
        if (++tries < 3) throw new Error('not yet')
      },
    })
    service.submit(queueOf(0, 1))
    await clock.advance(2000)
    expect([tries, commits]).toEqual([3, ['0:1']])
  })

  it.each([
    [0, 10],
    [250, 250],
    [60_000, 30_000],
  ])('waits for the %i ms that the listener wants, as %i', async (suspendMs, waitMs) => {
    const { service, calls, clock, end, settle } = orderlySetup()
    service.submit(queueOf(0, 1))
    await settle()
    await end({ status: SUSPEND, suspendMs })
    await clock.advance(waitMs - 1)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
  })

  it('comes again with its batch, in order and before all others', async () => {
    const { service, calls, clock, end, settle } = orderlySetup({ batchSize: 2 })
    service.submit(queueOf(0, 4))
    await settle()
    await end(SUSPEND)
    await clock.advance(1000)
    await end()
    expect(batchesOf(calls)).toEqual(['0/0,0/1', '0/0,0/1', '0/2,0/3'])
  })

  it('takes no place while its queue waits', async () => {
    const { service, end, settle } = orderlySetup()
    service.submit(queueOf(0, 1))
    await settle()
    expect(service.running).toBe(1)
    await end(SUSPEND)
    expect(service.running).toBe(0)
  })
})

describe('a message that failed too often', () => {
  it('leaves its queue once a broker has accepted it, and the next one follows at once', async () => {
    const { service, calls, commits, handedOn, end, settle } = orderlySetup({ maxReconsumeTimes: 0 })
    service.submit(queueOf(0, 2))
    await settle()
    await end(SUSPEND)
    expect(handedOn).toEqual(['0/0 to the retry topic'])
    expect(commits).toEqual(['0:1'])
    expect(batchesOf(calls)).toEqual(['0/0', '0/1'])
  })

  it('is tried as often as was set before', async () => {
    const { service, calls, handedOn, clock, end, settle } = orderlySetup({ maxReconsumeTimes: 2 })
    service.submit(queueOf(0, 1))
    await settle()
    for (let i = 0; i < 3; i++) {
      await end(SUSPEND)
      await clock.advance(1000)
    }
    expect(calls).toHaveLength(3)
    expect(handedOn).toHaveLength(1)
  })

  it('stays where no broker accepts it, and holds its queue', async () => {
    const { service, calls, commits, errors, back, clock, end, settle } = orderlySetup({ maxReconsumeTimes: 0 })
    back.outcome = () => Promise.reject(gone)
    service.submit(queueOf(0, 2))
    await settle()
    await end(SUSPEND)
    await clock.advance(1000)
    expect(batchesOf(calls)).toEqual(['0/0', '0/0'])
    expect([commits, errors]).toEqual([[], [gone]])
  })

  it('leaves a batch of which others are tried again', async () => {
    const { service, calls, commits, handedOn, clock, end, settle } = orderlySetup({
      maxReconsumeTimes: 1,
      batchSize: 2,
    })
    const queue = queueOf(0, 0)
    const [first] = fill(queue, 2)
    ;(first as StoredMessage).reconsumeTimes = 1
    service.submit(queue)
    await settle()
    await end(SUSPEND)
    await clock.advance(1000)
    expect(handedOn).toEqual(['0/0 to the retry topic'])
    expect([commits, batchesOf(calls)]).toEqual([['0:1'], ['0/0,0/1', '0/1']])
  })

  it('is dropped when broadcasting, where nobody else would want it', async () => {
    const { service, commits, end, settle } = orderlySetup({
      maxReconsumeTimes: 0,
      sendBack: undefined,
      locks: undefined,
    })
    service.submit(queueOf(0, 1))
    await settle()
    await end(SUSPEND)
    expect(commits).toEqual(['0:1'])
  })
})

describe('an unreadable message in a queue', () => {
  const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')

  it('goes to the dead letters at once, after those before it, and the rest follows in order', async () => {
    const { service, calls, commits, handedOn, errors, end, settle } = orderlySetup({ batchSize: 4 })
    const queue = queueOf(0, 0)
    const messages = fill(queue, 4)
    ;(messages[1] as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    expect([batchesOf(calls), handedOn]).toEqual([['0/0'], []])
    await end()
    await end()
    expect(batchesOf(calls)).toEqual(['0/0', '0/2,0/3'])
    expect(handedOn).toEqual(['0/1 back at -1'])
    expect([commits.at(-1), errors]).toEqual(['0:4', [unreadable]])
  })

  it('holds its queue where no broker takes it', async () => {
    const { service, calls, handedOn, back, clock, settle } = orderlySetup()
    back.outcome = () => Promise.reject(gone)
    const queue = queueOf(0, 0)
    ;(fill(queue, 2)[0] as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    await clock.advance(1000)
    expect([calls.length, handedOn.length]).toEqual([0, 2])
    back.outcome = () => Promise.resolve()
    await clock.advance(1000)
    expect(batchesOf(calls)).toEqual(['0/1'])
  })

  it('waits with those before it where they fail', async () => {
    const { service, calls, handedOn, clock, end, settle } = orderlySetup({ batchSize: 2 })
    const queue = queueOf(0, 0)
    ;(fill(queue, 2)[1] as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    await end(SUSPEND)
    expect(handedOn).toEqual([])
    await clock.advance(1000)
    expect(batchesOf(calls)).toEqual(['0/0', '0/0'])
  })
})
