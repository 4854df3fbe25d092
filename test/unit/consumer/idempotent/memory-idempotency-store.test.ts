import { MemoryIdempotencyStore } from '../../../../lib/consumer/idempotent/memory-idempotency-store'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { describeIdempotencyStore } from '../../../support/idempotency-store-suite'

const HOUR = 3_600_000

describeIdempotencyStore('an idempotency store in memory, as any store', {
  store: () => shared,
  tick: () => sharedClock.advance(5),
})
const sharedClock = new ManualClock()
const shared = new MemoryIdempotencyStore({ clock: sharedClock })

function newStore(maxEntries: number): { store: MemoryIdempotencyStore; clock: ManualClock } {
  const clock = new ManualClock()
  return { store: new MemoryIdempotencyStore({ maxEntries, clock }), clock }
}

async function handle(store: MemoryIdempotencyStore, key: string, ttlMs = HOUR): Promise<void> {
  expect(await store.claim(key, 'a', HOUR)).toBe('claimed')
  expect(await store.done(key, 'a', ttlMs)).toBe(true)
}

describe('an idempotency store in memory', () => {
  it('forgets the oldest of what was handled when there is no more room, and counts it', async () => {
    const { store } = newStore(3)
    for (const key of ['1', '2', '3', '4']) await handle(store, key)
    expect(store.stats()).toEqual({ claimed: 0, done: 3, evicted: 1 })
    expect(await store.claim('2', 'b', HOUR)).toBe('done')
    expect(await store.claim('1', 'b', HOUR)).toBe('claimed')
    expect(store.stats()).toEqual({ claimed: 1, done: 2, evicted: 2 })
  })

  it('never forgets what is in hand, and refuses a claim more than there is room', async () => {
    const { store } = newStore(2)
    await store.claim('1', 'a', HOUR)
    await store.claim('2', 'a', HOUR)
    await expect(store.claim('3', 'a', HOUR)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retriable: true,
      message: expect.stringContaining('raise maxEntries'),
    })
    expect(await store.claim('1', 'b', HOUR)).toBe('busy')
    expect(await store.claim('2', 'b', HOUR)).toBe('busy')
    expect(await store.done('1', 'a', HOUR)).toBe(true)
    expect(await store.claim('3', 'a', HOUR)).toBe('claimed')
    expect(store.stats()).toEqual({ claimed: 2, done: 0, evicted: 1 })
  })

  it('prolongs a claim also where it is full', async () => {
    const { store } = newStore(1)
    await store.claim('1', 'a', HOUR)
    expect(await store.claim('1', 'a', HOUR)).toBe('claimed')
  })

  it('gives the room of claims that have run out to new ones, also where older ones still run', async () => {
    const { store, clock } = newStore(3)
    await store.claim('long', 'a', HOUR)
    await store.claim('short', 'a', 1000)
    await store.claim('long too', 'a', HOUR)
    await clock.advance(1000)
    expect(await store.claim('new', 'a', HOUR)).toBe('claimed')
    expect(await store.claim('long', 'b', HOUR)).toBe('busy')
    await expect(store.claim('one more', 'a', HOUR)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  it('refuses the word of one whose claim has run out where all room is in hand', async () => {
    const { store, clock } = newStore(1)
    await store.claim('1', 'a', 1000)
    await clock.advance(1000)
    await store.claim('2', 'a', HOUR)
    await expect(store.done('1', 'a', HOUR)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(await store.claim('2', 'b', HOUR)).toBe('busy')
  })

  it('clears what is past its time while it is used, without a timer for each key', async () => {
    const { store, clock } = newStore(100)
    for (let i = 0; i < 20; i++) await handle(store, `done ${i}`, 1000)
    for (let i = 0; i < 20; i++) await store.claim(`dead ${i}`, 'a', 1000)
    await clock.advance(1000)
    for (let i = 0; i < 20; i++) await handle(store, `later ${i}`)
    expect(store.stats()).toEqual({ claimed: 0, done: 20, evicted: 0 })
  })

  it('does not notice when the wall clock is set', async () => {
    const { store, clock } = newStore(10)
    await handle(store, '1', 60_000)
    await store.claim('2', 'a', 60_000)
    clock.stepWallClock(HOUR)
    expect(await store.claim('1', 'b', HOUR)).toBe('done')
    expect(await store.claim('2', 'b', HOUR)).toBe('busy')
  })

  it.each([0, -1, 1.5, NaN, 10_000_001, '5' as unknown as number])('refuses to hold %s entries', maxEntries => {
    expect(() => new MemoryIdempotencyStore({ maxEntries })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('maxEntries') }),
    )
  })
})
