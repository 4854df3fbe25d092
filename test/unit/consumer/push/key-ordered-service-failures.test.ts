import { RocketMQError } from '../../../../lib/errors'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { gone } from '../../../support/concurrent-setup'
import { deferred } from '../../../support/fake-client'
import { type KeyCall, SUSPEND, fillKeys, keyQueue, keySetup, shown } from '../../../support/key-setup'

describe('a key that fails', () => {
  it.each<[string, (call: KeyCall) => void, string[]]>([
    ['is to wait', call => call.end(SUSPEND), []],
    ['rejects', call => call.fail(new Error('a defect')), ['a defect for a0']],
    ['is answered with no result', call => call.end('COMMIT'), [expect.stringContaining("returned 'COMMIT'") as never]],
  ])('comes again after a while, as tried once more, when it %s, and others go on', async (_, finish, errors) => {
    const { service, calls, commits, listenerErrors, clock, end, settle } = keySetup()
    const queue = keyQueue('')
    const [first] = fillKeys(queue, 'aabb')
    service.submit(queue)
    await settle()
    finish(calls[0] as KeyCall)
    await end('b2')
    await end('b3')
    await clock.advance(999)
    expect(shown(calls)).toEqual(['a0', 'b2', 'b3'])
    await clock.advance(1)
    expect(shown(calls)).toEqual(['a0', 'b2', 'b3', 'a0'])
    expect(first?.reconsumeTimes).toBe(1)
    expect([commits, listenerErrors]).toEqual([[], errors])
    await end('a0')
    await end('a1')
    expect(commits).toEqual(['0:1', '0:4'])
  })

  it('comes again when it throws at once', async () => {
    let tries = 0
    const { service, commits, clock } = keySetup({
      listener: () => {
        if (++tries < 3) throw new Error('not yet')
      },
    })
    service.submit(keyQueue('a'))
    await clock.advance(2000)
    expect([tries, commits]).toEqual([3, ['0:1']])
  })

  it('comes again although the event of its failure breaks off', async () => {
    const onListenerError = (): void => {
      throw new Error('a defect of the event')
    }
    const { service, calls, clock, settle } = keySetup({ onListenerError })
    service.submit(keyQueue('a'))
    await settle()
    calls[0]?.fail(new Error('a defect'))
    await clock.advance(1000)
    expect(shown(calls)).toEqual(['a0', 'a0'])
  })

  it.each([
    [0, 10],
    [250, 250],
    [60_000, 30_000],
  ])('waits for the %i ms that the listener wants, as %i', async (suspendMs, waitMs) => {
    const { service, calls, clock, end, settle } = keySetup()
    service.submit(keyQueue('a'))
    await settle()
    await end('a0', { status: SUSPEND, suspendMs })
    await clock.advance(waitMs - 1)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
  })

  it('takes no place while it waits, and is idle', async () => {
    const { service, end, settle } = keySetup()
    const queue = keyQueue('a')
    service.submit(queue)
    await settle()
    await end('a0', SUSPEND)
    expect([service.running, queue.running, queue.held]).toEqual([0, 0, 1])
  })

  it('comes again with its batch, and with what has come since', async () => {
    const { service, calls, clock, end, settle } = keySetup({ batchSize: 3 })
    const queue = keyQueue('aba')
    service.submit(queue)
    await settle()
    await end('a0,a2', SUSPEND)
    fillKeys(queue, 'aa')
    service.submit(queue)
    await settle()
    await clock.advance(1000)
    expect(shown(calls)).toEqual(['a0,a2', 'b1', 'a0,a2,a3'])
  })

  it('is left to the next owner where its queue is given back', async () => {
    const { service, calls, clock, dead, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    const queue = keyQueue('ab')
    service.submit(queue)
    await settle()
    queue.seal()
    await end('a0', SUSPEND)
    calls[1]?.fail(new Error('a defect'))
    await settle()
    queue.drop()
    await clock.advance(60_000)
    expect([queue.running, calls.length, dead]).toEqual([0, 2, []])
  })

  it('leaves no timer behind, whether its queue goes or the service ends', async () => {
    const { service, clock, end, settle } = keySetup()
    const waiting = new Set<object>()
    const { after } = clock
    jest.spyOn(clock, 'after').mockImplementation((ms, callback) => {
      const timer = after.call(clock, ms, () => {
        waiting.delete(timer)
        callback()
      })
      waiting.add(timer)
      return { cancel: () => (waiting.delete(timer), timer.cancel()) }
    })
    const lost = keyQueue('a', { queueId: 1 })
    service.submit(lost)
    service.submit(keyQueue('bc', { queueId: 2 }))
    await settle()
    await end('a0', SUSPEND)
    await end('b0', SUSPEND)
    expect(waiting.size).toBe(2)
    lost.drop()
    expect(waiting.size).toBe(1)
    const drained = service.drain()
    expect(waiting.size).toBe(0)
    await end('c1', SUSPEND)
    await drained
    expect(waiting.size).toBe(0)
  })
})

describe('a message that failed too often', () => {
  it('goes to the dead letters, and its key goes on once a broker has accepted it', async () => {
    const { service, calls, commits, dead, back, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    const accepted = deferred()
    back.outcome = () => accepted.promise
    service.submit(keyQueue('aab'))
    await settle()
    await end('a0', SUSPEND)
    await end('b2')
    expect([shown(calls), commits, dead]).toEqual([['a0', 'b2'], [], ['a0 at -1']])
    accepted.resolve()
    await settle()
    expect([shown(calls), commits]).toEqual([['a0', 'b2', 'a1'], ['0:1']])
  })

  it('is tried as often as was set before', async () => {
    const { service, calls, dead, clock, end, settle } = keySetup({ maxReconsumeTimes: 2 })
    service.submit(keyQueue('a'))
    await settle()
    for (let i = 0; i < 3; i++) {
      await end('a0', SUSPEND)
      await clock.advance(1000)
    }
    expect([calls.length, dead]).toEqual([3, ['a0 at -1']])
  })

  it('stays where no broker accepts it: that is tried again, later each time, and the listener is left alone', async () => {
    const { service, calls, commits, errors, dead, back, clock, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    back.outcome = () => Promise.reject(gone)
    const queue = keyQueue('aab')
    service.submit(queue)
    await settle()
    await end('a0', SUSPEND)
    expect([dead.length, queue.running]).toEqual([1, 1])
    await clock.advance(1000)
    expect(dead).toHaveLength(2)
    await clock.advance(499)
    expect(dead).toHaveLength(2)
    await clock.advance(1501)
    expect(dead).toHaveLength(3)
    expect([shown(calls), commits, errors]).toEqual([['a0', 'b2'], [], [gone, gone, gone]])
    back.outcome = () => Promise.resolve()
    await clock.advance(30_000)
    expect([shown(calls), commits]).toEqual([['a0', 'b2', 'a1'], ['0:1']])
    expect(errors[0]?.code).toBe('CONNECT_FAILED')
  })

  it('waits at most half a minute for the next try to put it away', async () => {
    const { service, dead, back, clock, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    back.outcome = () => Promise.reject(gone)
    service.submit(keyQueue('a'))
    await settle()
    await end('a0', SUSPEND)
    await clock.advance(600_000)
    const tries = dead.length
    await clock.advance(30_000)
    expect(dead.length).toBeGreaterThan(tries)
    expect(tries).toBeLessThan(60)
  })

  it('leaves a batch of which others are tried again', async () => {
    const { service, calls, commits, dead, clock, end, settle } = keySetup({ maxReconsumeTimes: 1, batchSize: 2 })
    const queue = keyQueue('')
    const [first] = fillKeys(queue, 'aa')
    ;(first as StoredMessage).reconsumeTimes = 1
    service.submit(queue)
    await settle()
    await end('a0,a1', SUSPEND)
    await clock.advance(1000)
    expect([dead, commits, shown(calls)]).toEqual([['a0 at -1'], ['0:1'], ['a0,a1', 'a1']])
  })

  it('takes those after it of its batch along, in order, as far as brokers accept them', async () => {
    const { service, calls, commits, dead, back, clock, end, settle } = keySetup({ maxReconsumeTimes: 0, batchSize: 3 })
    const outcomes = [Promise.resolve(), Promise.reject(gone)]
    back.outcome = () => outcomes.shift() ?? Promise.resolve()
    service.submit(keyQueue('aaaa'))
    await settle()
    await end('a0,a1,a2', SUSPEND)
    expect([dead, commits]).toEqual([['a0 at -1', 'a1 at -1'], ['0:1']])
    await clock.advance(1000)
    expect(dead.slice(2)).toEqual(['a1 at -1', 'a2 at -1'])
    expect([commits, shown(calls)]).toEqual([
      ['0:1', '0:2', '0:3'],
      ['a0,a1,a2', 'a3'],
    ])
  })

  it('takes a place on its way, so that a listener that always fails floods no broker', async () => {
    const { service, calls, back, end, settle } = keySetup({ maxReconsumeTimes: 0, concurrency: 1 })
    const accepted = deferred()
    back.outcome = () => accepted.promise
    service.submit(keyQueue('ab'))
    await settle()
    await end('a0', SUSPEND)
    expect([shown(calls), service.running]).toEqual([['a0'], 0])
    accepted.resolve()
    await settle()
    expect(shown(calls)).toEqual(['a0', 'b1'])
  })

  it('commits nothing where its queue is given away meanwhile', async () => {
    const { service, commits, back, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    const outcome = deferred()
    back.outcome = () => outcome.promise
    const [taken, refused] = [keyQueue('aa', { queueId: 1 }), keyQueue('b', { queueId: 2 })]
    service.submit(taken)
    service.submit(refused)
    await settle()
    await end('a0', SUSPEND)
    back.outcome = () => outcome.promise.then(() => Promise.reject(gone))
    await end('b0', SUSPEND)
    taken.drop()
    refused.drop()
    outcome.resolve()
    await settle()
    expect([commits, taken.running, refused.running, service.keys]).toEqual([[], 0, 0, 0])
  })

  it('leaves the rest of its batch to the next owner when the queue is given back meanwhile', async () => {
    const { service, commits, dead, back, end, settle } = keySetup({ maxReconsumeTimes: 0, batchSize: 2 })
    const outcome = deferred()
    back.outcome = () => outcome.promise
    const queue = keyQueue('aa')
    service.submit(queue)
    await settle()
    await end('a0,a1', SUSPEND)
    queue.seal()
    outcome.resolve()
    await settle()
    expect([dead, commits, queue.running]).toEqual([['a0 at -1'], ['0:1'], 0])
  })

  it('is waited for by the end of the service, but not tried again then', async () => {
    const { service, dead, back, clock, end, settle } = keySetup({ maxReconsumeTimes: 0 })
    const outcome = deferred()
    back.outcome = () => outcome.promise
    service.submit(keyQueue('a'))
    await settle()
    await end('a0', SUSPEND)
    let isDrained = false
    const drained = service.drain().then(() => (isDrained = true))
    await settle()
    expect(isDrained).toBe(false)
    outcome.reject(gone)
    await drained
    await clock.advance(60_000)
    expect(dead).toHaveLength(1)
  })

  it('is dropped when broadcasting, and that is told', async () => {
    const { service, calls, commits, errors, end, settle } = keySetup({
      maxReconsumeTimes: 0,
      sendBack: undefined,
      locks: undefined,
    })
    service.submit(keyQueue('aa'))
    await settle()
    await end('a0', SUSPEND)
    expect([shown(calls), commits]).toEqual([['a0', 'a1'], ['0:1']])
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', topic: 'Orders', group: 'g' }])
    expect(errors[0]?.message).toMatch(/with key a failed 1 times and is dropped/)
  })
})

describe('an unreadable message of a key', () => {
  const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')

  it('goes to the dead letters in its turn, unseen, and the rest follows in order', async () => {
    const { service, calls, commits, dead, errors, end, settle } = keySetup({ batchSize: 4 })
    const queue = keyQueue('')
    const messages = fillKeys(queue, 'aaaab')
    ;(messages[1] as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    expect([shown(calls), dead]).toEqual([['a0', 'b4'], []])
    await end('a0')
    await end('a2,a3')
    expect([shown(calls), dead, errors]).toEqual([['a0', 'b4', 'a2,a3'], ['a1 at -1'], [unreadable]])
    expect(commits).toEqual(['0:1', '0:2', '0:4'])
  })

  it('is told once, and put away again and again until a broker accepts it', async () => {
    const { service, calls, dead, errors, back, clock, settle } = keySetup()
    back.outcome = () => (dead.length < 3 ? Promise.reject(gone) : Promise.resolve())
    const queue = keyQueue('')
    const [first] = fillKeys(queue, 'aa')
    ;(first as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    await clock.advance(3000)
    expect([dead.length, errors]).toEqual([3, [unreadable, gone, gone]])
    expect(shown(calls)).toEqual(['a1'])
  })

  it('is passed over when broadcasting, and told once', async () => {
    const { service, commits, errors, settle } = keySetup({ sendBack: undefined, locks: undefined })
    const queue = keyQueue('')
    const [first] = fillKeys(queue, '-')
    ;(first as StoredMessage).unreadable = unreadable
    service.submit(queue)
    await settle()
    expect([commits, errors]).toEqual([['0:1'], [unreadable]])
  })
})
