import { deferred } from '../../../support/fake-client'
import { SUSPEND, fillKeys, keyQueue, keySetup, shown } from '../../../support/key-setup'

describe('messages of one key', () => {
  it('come one after the other, and those of other keys beside them', async () => {
    const { service, calls, end, settle } = keySetup()
    service.submit(keyQueue('aabab'))
    await settle()
    expect(shown(calls)).toEqual(['a0', 'b2'])
    await end('b2')
    await end('a0')
    expect(shown(calls)).toEqual(['a0', 'b2', 'b4', 'a1'])
    await end('a1')
    expect(shown(calls).at(-1)).toBe('a3')
    await end('a3')
    await end('b4')
    expect([calls.length, service.running, service.keys]).toEqual([5, 0, 0])
  })

  it('that are pulled while one of them runs wait for it', async () => {
    const { service, calls, end, settle } = keySetup()
    const queue = keyQueue('a')
    service.submit(queue)
    await settle()
    fillKeys(queue, 'ab')
    service.submit(queue)
    await settle()
    expect(shown(calls)).toEqual(['a0', 'b2'])
    await end('a0')
    expect(shown(calls).at(-1)).toBe('a1')
  })

  it('come side by side where they have no key', async () => {
    const { service, calls, settle } = keySetup({ batchSize: 4 })
    service.submit(keyQueue('--a-a'))
    await settle()
    expect(shown(calls)).toEqual(['-0', '-1', 'a2,a4', '-3'])
    expect(service.keys).toBe(1)
  })

  it('make a batch of their own, in order, of no more than is wanted', async () => {
    const { service, calls, end, settle } = keySetup({ batchSize: 2 })
    service.submit(keyQueue('abaacab'))
    await settle()
    expect(shown(calls)).toEqual(['a0,a2', 'b1,b6', 'c4'])
    await end('a0,a2')
    expect(shown(calls).at(-1)).toBe('a3,a5')
  })

  it('are another key in another queue', async () => {
    const { service, calls, settle } = keySetup()
    service.submit(keyQueue('a', { queueId: 1 }))
    service.submit(keyQueue('a', { queueId: 2 }))
    await settle()
    expect(calls.map(({ queueId }) => queueId)).toEqual([1, 2])
  })

  it('come in the order of offsets also where a broker goes back', async () => {
    const { service, calls, end, settle } = keySetup({ concurrency: 1 })
    const queue = keyQueue('a', { from: 5 })
    service.submit(queue)
    fillKeys(queue, 'a')
    queue.put([], 0)
    fillKeys(queue, 'aa')
    service.submit(queue)
    await settle()
    for (const text of ['a5', 'a0', 'a1']) await end(text)
    expect(shown(calls)).toEqual(['a5', 'a0', 'a1', 'a6'])
  })
})

describe('what is committed', () => {
  it('is the lowest offset that is not handled, whatever other keys have done', async () => {
    const { service, commits, end, settle } = keySetup()
    service.submit(keyQueue('abc'))
    await settle()
    await end('b1')
    expect(commits).toEqual([])
    await end('a0')
    await end('c2')
    expect(commits).toEqual(['0:2', '0:3'])
  })

  it('costs no key when it cannot be noted', async () => {
    const onCommit = (): void => {
      throw new Error('a store with a defect')
    }
    const { service, calls, errors, end, settle } = keySetup({ onCommit })
    service.submit(keyQueue('aa'))
    await settle()
    await end('a0')
    expect(shown(calls)).toEqual(['a0', 'a1'])
    expect(errors.map(({ message }) => message)).toEqual(['an offset could not be noted: a store with a defect'])
  })
})

describe('the places for listeners', () => {
  it('are never more than allowed, and keys take turns', async () => {
    const { service, calls, end, settle } = keySetup({ concurrency: 2 })
    service.submit(keyQueue('aabc'))
    await settle()
    expect(shown(calls)).toEqual(['a0', 'b2'])
    await end('a0')
    expect(shown(calls).at(-1)).toBe('c3')
    await end('b2')
    expect(shown(calls).at(-1)).toBe('a1')
    expect(service.running).toBe(2)
  })

  it('can become more while it runs', async () => {
    const { service, calls, settle } = keySetup({ concurrency: 1 })
    service.submit(keyQueue('abc'))
    await settle()
    service.updateConcurrency(2)
    expect(shown(calls)).toEqual(['a0', 'b1'])
  })

  it('are shared by the queues in turn', async () => {
    const { service, calls, end, settle } = keySetup({ concurrency: 1 })
    service.submit(keyQueue('abc', { queueId: 1 }))
    service.submit(keyQueue('d', { queueId: 2 }))
    await settle()
    await end('a0')
    await end('d0')
    expect(shown(calls)).toEqual(['a0', 'd0', 'b1'])
  })

  it('are left at once by a listener that returns no promise', async () => {
    const seen: string[] = []
    const { service, commits } = keySetup({ listener: ([message]) => void seen.push(message?.text() ?? '') })
    service.submit(keyQueue('abaa'))
    expect(seen).toEqual(['a0', 'b1', 'a2', 'a3'])
    expect(commits).toEqual(['0:1', '0:2', '0:3', '0:4'])
  })

  it('are left by promises of another make, too', async () => {
    const thenable = { then: (resolve: (value: void) => void) => (resolve(), resolve()) } as unknown as Promise<void>
    const { service, commits, settle } = keySetup({ listener: () => thenable })
    service.submit(keyQueue('aa'))
    await settle()
    expect([service.running, commits]).toEqual([0, ['0:1', '0:2']])
  })
})

describe('a queue that is not locked', () => {
  it('is locked first, once for all of its keys', async () => {
    const { service, calls, locks, settle } = keySetup()
    locks.held.clear()
    const lock = deferred()
    locks.onLock = () => lock.promise.then(() => locks.held.add(0))
    const queue = keyQueue('ab')
    service.submit(queue)
    fillKeys(queue, 'c')
    service.submit(queue)
    await settle()
    expect(calls).toEqual([])
    lock.resolve()
    await settle()
    expect([locks.asked, shown(calls)]).toEqual([1, ['a0', 'b1', 'c2']])
  })

  it('is tried again after 3 s, also where the request breaks off', async () => {
    const { service, calls, errors, locks, clock, settle } = keySetup()
    locks.held.clear()
    locks.onLock = () => Promise.reject(new Error('gone'))
    service.submit(keyQueue('a'))
    await settle()
    expect(errors.map(({ message }) => message)).toEqual([
      'queue 0 of Orders could not be locked, which is tried again later: gone',
    ])
    locks.onLock = () => locks.held.add(0)
    await clock.advance(2999)
    expect([locks.asked, calls.length]).toEqual([1, 0])
    await clock.advance(1)
    expect([locks.asked, calls.length]).toEqual([2, 1])
  })

  it('hands out nothing more when the lock is lost, and what runs still counts', async () => {
    const { service, calls, commits, locks, clock, end, settle } = keySetup()
    service.submit(keyQueue('aab'))
    await settle()
    locks.held.clear()
    await end('a0')
    expect([shown(calls), commits]).toEqual([['a0', 'b2'], ['0:1']])
    locks.held.add(0)
    await clock.advance(3000)
    expect(shown(calls)).toEqual(['a0', 'b2', 'a1'])
  })

  it('does not hold up others', async () => {
    const { service, calls, locks, settle } = keySetup()
    locks.held.delete(1)
    service.submit(keyQueue('a', { queueId: 1 }))
    service.submit(keyQueue('b', { queueId: 2 }))
    await settle()
    expect(shown(calls)).toEqual(['b0'])
  })

  it('is asked for no more when it is given away or the service ends', async () => {
    const { service, locks, clock, settle } = keySetup()
    locks.held.clear()
    const queue = keyQueue('a', { queueId: 1 })
    service.submit(queue)
    service.submit(keyQueue('a', { queueId: 2 }))
    await settle()
    queue.drop()
    const drained = service.drain()
    await clock.advance(10_000)
    await drained
    expect(locks.asked).toBe(2)
  })

  it('needs no lock when broadcasting', async () => {
    const { service, calls, settle } = keySetup({ locks: undefined, sendBack: undefined })
    service.submit(keyQueue('a'))
    await settle()
    expect(calls).toHaveLength(1)
  })
})

describe('a queue that is given back', () => {
  it('is idle as soon as the keys that run have ended, and begins nothing more', async () => {
    const { service, calls, commits, end, settle } = keySetup()
    const queue = keyQueue('aab')
    service.submit(queue)
    await settle()
    queue.seal()
    let idle = false
    const drained = queue.whenIdle().then(() => (idle = true))
    await end('a0')
    expect([shown(calls), idle]).toEqual([['a0', 'b2'], false])
    await end('b2')
    await drained
    // What ended counts; the rest is the next owner's.
    expect([commits, idle]).toEqual([['0:1'], true])
  })

  it('commits nothing after it was dropped, and its keys are forgotten', async () => {
    const { service, commits, calls, end, settle } = keySetup()
    const queue = keyQueue('abb')
    service.submit(queue)
    await settle()
    queue.drop()
    expect(service.keys).toBe(2)
    await end('a0')
    await end('b1', SUSPEND)
    expect([commits, service.keys, service.running, calls.length]).toEqual([[], 0, 0, 2])
    service.submit(queue)
    expect([service.keys, calls.length]).toEqual([0, 2])
  })

  it('and comes again waits for a key whose listener has not ended, and for no other', async () => {
    const { service, calls, commits, end, settle } = keySetup()
    const lost = keyQueue('aab', { from: 5 })
    service.submit(lost)
    await settle()
    lost.drop()
    const back = keyQueue('aab', { from: 5 })
    service.submit(back)
    await settle()
    // b7 of the first time is still running, too.
    expect(shown(calls)).toEqual(['a5', 'b7'])
    await end('a5')
    expect(shown(calls)).toEqual(['a5', 'b7', 'a5'])
    calls[1]?.end()
    await settle()
    for (const text of ['a5', 'b7', 'a6']) await end(text)
    expect(shown(calls)).toEqual(['a5', 'b7', 'a5', 'b7', 'a6'])
    expect([commits, service.keys]).toEqual([['0:6', '0:8'], 0])
  })
})

describe('a service that ends', () => {
  it('waits for what runs and begins nothing', async () => {
    const { service, calls, commits, end, settle } = keySetup()
    const queue = keyQueue('aab')
    service.submit(queue)
    await settle()
    let isDrained = false
    const drained = service.drain().then(() => (isDrained = true))
    fillKeys(queue, 'c')
    service.submit(queue)
    await end('a0')
    expect(isDrained).toBe(false)
    await end('b2')
    await drained
    expect([shown(calls), commits]).toEqual([['a0', 'b2'], ['0:1']])
  })

  it('without anything at work ends at once', async () => {
    const { service } = keySetup()
    await expect(service.drain()).resolves.toBeUndefined()
  })
})

describe('what the listener of keys sets on its context', () => {
  it('is how long its key stands still, also after an error', async () => {
    const seen: string[] = []
    const { service, clock, settle } = keySetup({
      listener: ([message], context) => {
        seen.push(message?.text() ?? '')
        if (message?.text() !== 'a0') return
        context.suspendCurrentQueueTimeMs = 50
        throw new Error('no')
      },
    })
    service.submit(keyQueue('ab'))
    await settle()
    await clock.advance(49)
    expect(seen).toEqual(['a0', 'b1'])
    await clock.advance(1)
    expect(seen).toEqual(['a0', 'b1', 'a0'])
  })

  it('is no commit by hand', async () => {
    const { service, listenerErrors, settle } = keySetup({
      listener: (_messages, context) => {
        context.autoCommit = false
      },
    })
    service.submit(keyQueue('a'))
    await settle()
    expect(listenerErrors).toEqual([expect.stringContaining('autoCommit')])
  })
})
