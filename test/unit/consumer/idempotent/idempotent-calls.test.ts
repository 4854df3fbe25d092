import { IdempotentCalls } from '../../../../lib/consumer/idempotent/idempotent-calls'
import {
  type IdempotentOptions,
  resolveIdempotentOptions,
} from '../../../../lib/consumer/idempotent/idempotent-options'
import type { MessageExt } from '../../../../lib/model/message'
import { consumeContext, idempotentSetup, orderMessage } from '../../../support/idempotent-setup'

type Listen = (messages: readonly MessageExt[]) => unknown

function setUp(more: Partial<IdempotentOptions> = {}) {
  const given = idempotentSetup()
  const calls = new IdempotentCalls(resolveIdempotentOptions({ ...given.options, ...more }))
  const seen: string[] = []
  const handle = (names: string, listen: Listen = () => undefined, context = consumeContext()) =>
    calls.handle(
      [...names].map(name => orderMessage(name)),
      context,
      messages => {
        seen.push(messages.map(message => message.text()).join(''))
        return listen(messages)
      },
    )
  /** What the store holds: names of messages by state. */
  const states = async (names: string): Promise<string> => {
    const found = await Promise.all(
      [...names].map(name => given.store.inner.claim(`billing/Orders/${name}`, 'probe', 1)),
    )
    return found.map(state => ({ claimed: 'free', done: 'done', busy: 'busy' })[state]).join(' ')
  }
  return { ...given, seen, handle, states }
}

describe('a call of an idempotent listener', () => {
  it('claims, hands out and marks as done, in this order', async () => {
    const { handle, store, seen } = setUp()
    await handle('a', () => expect(store.calls).toEqual(['claim a']))
    expect(seen).toEqual(['a'])
    expect(store.calls).toEqual(['claim a', 'done a'])
  })

  it('hands out once what comes twice in a batch, and tells of the other', async () => {
    const { handle, seen, duplicates } = setUp()
    expect(await handle('aba')).toBeUndefined()
    expect(seen).toEqual(['ab'])
    expect(duplicates).toEqual(['a'])
  })

  it('frees what the listener threw at, and rejects with its own error', async () => {
    const { handle, states, duplicates } = setUp()
    const error = new Error('of the user')
    const thrown = expect(handle('ab', () => Promise.reject(error))).rejects
    await thrown.toBe(error)
    await expect(
      handle('ab', () => {
        throw error
      }),
    ).rejects.toBe(error)
    expect(await states('ab')).toBe('free free')
    expect(duplicates).toEqual([])
  })

  it('marks what the listener handled and frees what it failed at', async () => {
    const { handle, states } = setUp()
    const result = await handle('abc', async () => ({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 7 }))
    expect(result).toEqual({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 7 })
    expect(await states('abc')).toBe('done free free')
  })

  it('counts a partial failure by the messages of the batch, not by those that the listener got', async () => {
    const { handle, seen, duplicates } = setUp()
    await handle('bd')
    const result = await handle('abcde', () => ({ status: 'RECONSUME_LATER', firstFailed: 2 }))
    expect(seen[1]).toBe('ace')
    expect(result).toMatchObject({ firstFailed: 4, delayLevel: 0 })
    expect(duplicates).toEqual(['b', 'd'])
    expect(await handle('e')).toBeUndefined()
    expect(seen[2]).toBe('e')
  })

  it('sends to the dead letters nothing that the listener has not judged', async () => {
    const { handle, store } = setUp()
    await store.inner.claim('billing/Orders/c', 'other', 60_000)
    expect(await handle('abc', () => ({ status: 'RECONSUME_LATER', delayLevel: -1 }))).toMatchObject({
      firstFailed: 0,
      delayLevel: 0,
    })
    expect(await handle('ab', () => ({ status: 'RECONSUME_LATER', delayLevel: -1 }))).toMatchObject({ delayLevel: -1 })
  })

  it('frees everything where the listener returns garbage, and rejects', async () => {
    const { handle, states } = setUp()
    await expect(handle('ab', () => 'DONE')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await states('ab')).toBe('free free')
  })

  it('holds up an ordered batch at what is in hand elsewhere, after what stands before it', async () => {
    const { handle, store, seen, states } = setUp({ ordered: 'queue' })
    await store.inner.claim('billing/Orders/c', 'other', 60_000)
    expect(await handle('abcd')).toMatchObject({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' })
    expect(seen).toEqual(['ab'])
    expect(await states('abcd')).toBe('done done busy free')
    await store.inner.release('billing/Orders/c', 'other')
    await store.inner.release('billing/Orders/d', 'probe')
    expect(await handle('abcd')).toBeUndefined()
    expect(seen).toEqual(['ab', 'cd'])
  })

  it('hands nothing out and frees what it has claimed where the store fails at one of the claims', async () => {
    const { handle, store, seen, states } = setUp()
    store.before = (method, key) => {
      if (method === 'claim' && key.endsWith('b')) throw new Error('gone')
    }
    await expect(handle('abc')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED' })
    expect(seen).toEqual([])
    expect(await states('abc')).toBe('free free free')
  })

  it('fails where the store does not learn that a message is done, which is then handled again after its lease', async () => {
    const { handle, store, clock, seen } = setUp({ leaseMs: 3000 })
    store.before = (method, key) => {
      if (method === 'done' && key.endsWith('b')) throw new Error('gone')
    }
    await expect(handle('abc')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retriable: true })
    store.before = () => undefined
    expect(await handle('abc')).toMatchObject({ firstFailed: 1 })
    await clock.advance(3000)
    expect(await handle('abc')).toBeUndefined()
    expect(seen).toEqual(['abc', 'b'])
  })

  it('rejects with the listener failure where its claim cannot be given back, and tells of that', async () => {
    const { handle, store, errors, clock } = setUp({ leaseMs: 3000 })
    store.before = method => {
      if (method === 'release') throw new Error('gone')
    }
    await expect(handle('a', () => Promise.reject(new Error('of the user')))).rejects.toThrow('of the user')
    expect(errors).toMatchObject([{ code: 'IDEMPOTENCY_STORE_FAILED' }])
    expect(await handle('a')).toMatchObject({ status: 'RECONSUME_LATER' })
    await clock.advance(3000)
    expect(await handle('a')).toBeUndefined()
  })

  it('claims nothing where keyOf fails, and rejects with its error', async () => {
    const error = new Error('no key')
    const { handle, store } = setUp({
      keyOf: message => {
        if (message.text() === 'b') throw error
        return message.text()
      },
    })
    await expect(handle('ab')).rejects.toBe(error)
    expect(store.calls).toEqual([])
  })

  it('has a message handled again, after its lease, that was claimed by one who died over it', async () => {
    const { handle, clock, seen, store } = setUp({ leaseMs: 3000 })
    await store.inner.claim('billing/Orders/a', 'of the dead', 3000)
    expect(await handle('a')).toMatchObject({ status: 'RECONSUME_LATER' })
    await clock.advance(2999)
    expect(await handle('a')).toMatchObject({ status: 'RECONSUME_LATER' })
    await clock.advance(1)
    expect(await handle('a')).toBeUndefined()
    expect(seen).toEqual(['a'])
  })

  it('keeps its claims while its listener works longer than a lease', async () => {
    const { handle, clock, states } = setUp({ leaseMs: 3000 })
    let end = (): void => undefined
    const first = handle('ab', () => new Promise<void>(resolve => (end = resolve)))
    await clock.advance(60_000)
    expect(await handle('a')).toMatchObject({ status: 'RECONSUME_LATER' })
    end()
    expect(await first).toBeUndefined()
    expect(await states('ab')).toBe('done done')
  })

  it('prolongs nothing once its listener has ended', async () => {
    const { handle, clock, store } = setUp({ leaseMs: 3000 })
    await handle('a', async () => undefined)
    await expect(handle('b', () => Promise.reject(new Error('of the user')))).rejects.toThrow()
    await clock.advance(60_000)
    expect(store.calls).toEqual(['claim a', 'done a', 'claim b', 'release b'])
  })

  it('lets a listener that works longer than its bound be overtaken, tells of it, and disturbs nobody', async () => {
    const { handle, clock, errors, seen } = setUp({ leaseMs: 3000, maxLeaseMs: 3000 })
    const ends: (() => void)[] = []
    const listen = () => new Promise<void>(resolve => ends.push(resolve))
    const first = handle('a', listen)
    await clock.advance(6000)
    const second = handle('a', listen)
    await clock.advance(0)
    ends[0]?.()
    expect(await first).toBeUndefined()
    expect(errors.map(({ code }) => code)).toEqual(['IDEMPOTENCY_LEASE_LOST', 'IDEMPOTENCY_LEASE_LOST'])
    expect(await handle('a')).toMatchObject({ status: 'RECONSUME_LATER' })
    ends[1]?.()
    expect(await second).toBeUndefined()
    expect(await handle('a')).toBeUndefined()
    expect(seen).toEqual(['a', 'a'])
  })

  it('hands nothing out once its queue was given away, and frees what it has claimed', async () => {
    const { handle, states, seen, store } = setUp()
    const queue = new AbortController()
    store.before = () => queue.abort()
    await expect(handle('ab', undefined, consumeContext(queue.signal))).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen).toEqual([])
    expect(await states('ab')).toBe('free free')
  })

  it('tells of a user function that fails at a duplicate, and skips the message all the same', async () => {
    const failing: (() => unknown)[] = [
      () => {
        throw new Error('at once')
      },
      () => Promise.reject(new Error('later')),
    ]
    for (const onDuplicate of failing) {
      const { handle, errors, clock } = setUp({ onDuplicate })
      await handle('a')
      expect(await handle('a')).toBeUndefined()
      await clock.advance(0)
      expect(errors).toMatchObject([{ code: 'INVALID_STATE', message: expect.stringContaining('onDuplicate') }])
    }
  })

  it('tells of no duplicate in a batch that comes again', async () => {
    const { handle, duplicates } = setUp()
    await handle('a')
    await expect(handle('ab', () => Promise.reject(new Error('of the user')))).rejects.toThrow()
    expect(duplicates).toEqual([])
    await handle('ab')
    expect(duplicates).toEqual(['a'])
  })
})
