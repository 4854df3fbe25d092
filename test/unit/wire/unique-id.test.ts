import fc from '../../support/property'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import type * as uniqueId from '../../../lib/wire/unique-id'
import { parseUniqueId, UniqueIds, uniqueIdTime } from '../../../lib/wire/unique-id'

const MARCH = new Date(2026, 2, 1).getTime()
const fixed = { ip: '10.20.30.40', pid: 0x1_2345, hash: 0x18b4aac2 }

describe('UniqueIds', () => {
  it('makes upper-case ids of address, pid, hash, milliseconds of the month and counter', () => {
    const clock = new ManualClock(MARCH + 0x5d6f3e10)
    const ids = new UniqueIds({ ...fixed, clock })
    expect(ids.next()).toBe('0A141E28' + '2345' + '18B4AAC2' + '5D6F3E10' + '0000')
    expect(ids.next()).toBe('0A141E28' + '2345' + '18B4AAC2' + '5D6F3E10' + '0001')
  })

  it('has 56 digits with an IPv6 address', () => {
    const id = new UniqueIds({ ...fixed, ip: '2001:db8::1' }).next()
    expect(id).toHaveLength(56)
    expect(parseUniqueId(id).ip).toBe('2001:db8::1')
  })

  it('starts the milliseconds anew with each month', async () => {
    const april = new Date(2026, 3, 1).getTime()
    const clock = new ManualClock(april - 1)
    const ids = new UniqueIds({ ...fixed, clock })
    expect(parseUniqueId(ids.next()).spanMs).toBe(april - 1 - MARCH)
    await clock.advance(1)
    expect(parseUniqueId(ids.next()).spanMs).toBe(0)
  })

  it('never makes one twice, however many fall into a millisecond', () => {
    const clock = new ManualClock(MARCH)
    const ids = new UniqueIds({ ...fixed, clock })
    const made = new Set(Array.from({ length: 200_000 }, () => ids.next()))
    expect(made.size).toBe(200_000)
  })

  it('never makes one twice when the clock is set back, nor far away from it', () => {
    let now = MARCH + 5_000_000
    const ids = new UniqueIds({ ...fixed, clock: Object.assign(new ManualClock(0), { now: () => now }) })
    const made = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      if (i % 10 === 0) now += i === 50_000 ? -4_000 : 1
      made.add(ids.next())
    }
    expect(made.size).toBe(100_000)
    now -= 2_000_000
    expect(parseUniqueId(ids.next()).spanMs).toBe(now - MARCH)
  })

  it('differs between makers of one process and between copies of the module, of which each worker thread has one', () => {
    const clock = new ManualClock(MARCH)
    const makers = [new UniqueIds({ clock }), new UniqueIds({ clock })]
    jest.isolateModules(() => {
      const copy = require('../../../lib/wire/unique-id') as typeof uniqueId
      makers.push(new copy.UniqueIds({ clock }))
    })
    expect(new Set(makers.map(maker => maker.next().slice(12, 20))).size).toBe(3)
  })

  it('tells its time and its process', () => {
    const clock = new ManualClock(new Date(2026, 2, 15, 12).getTime())
    const id = new UniqueIds({ ...fixed, clock }).next()
    expect(parseUniqueId(id)).toEqual({ ip: '10.20.30.40', pid: 0x2345, spanMs: clock.now() - MARCH, counter: 0 })
    expect(uniqueIdTime(id, clock.now() + 1)).toBe(clock.now())
  })
})

describe('uniqueIdTime', () => {
  const january = new Date(2026, 0, 1).getTime()
  const december = new Date(2025, 11, 1).getTime()
  const idAt = (spanMs: number): string => `7F0000010BAD18B4AAC2${spanMs.toString(16).padStart(8, '0')}0001`

  it('takes the month before where the time would lie in the future', () => {
    expect(uniqueIdTime(idAt(5_000), january + 5_001)).toBe(january + 5_000)
    expect(uniqueIdTime(idAt(5_000), january + 5_000)).toBe(december + 5_000)
  })

  it('counts from the months that the caller names', () => {
    expect(uniqueIdTime(idAt(7), 1_000, timeMs => (timeMs >= 500 ? 500 : 100))).toBe(507)
    expect(uniqueIdTime(idAt(7), 505, timeMs => (timeMs >= 500 ? 500 : 100))).toBe(107)
  })
})

describe('parseUniqueId', () => {
  it('refuses whatever has not 32 or 56 hex digits', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        fc.pre(!/^(?:[\da-f]{32}|[\da-f]{56})$/i.test(text))
        expect(() => parseUniqueId(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
      }),
    )
    expect(() => parseUniqueId('00'.repeat(20))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
