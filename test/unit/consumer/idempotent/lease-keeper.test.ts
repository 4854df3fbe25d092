import { LeaseKeeper } from '../../../../lib/consumer/idempotent/lease-keeper'
import { RocketMQError } from '../../../../lib/errors'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

const A = { key: 'a', token: 't' }
const B = { key: 'b', token: 't' }

function setUp({ maxLeaseMs = 900_000, claims = [A], askedBeforeMs = 0 } = {}) {
  const clock = new ManualClock()
  const prolonged: string[] = []
  const errors: RocketMQError[] = []
  const answers = { prolong: (_key: string): boolean | Promise<boolean> => true }
  const store = {
    prolong: async (key: string) => {
      prolonged.push(`${key} at ${clock.monotonic()}`)
      return answers.prolong(key)
    },
  }
  const options = {
    clock,
    leaseMs: 30_000,
    maxLeaseMs,
    store,
    onBackgroundError: (error: RocketMQError) => void errors.push(error),
  }
  const keeper = new LeaseKeeper(options, claims, clock.monotonic() - askedBeforeMs)
  return { clock, prolonged, errors, answers, keeper }
}

describe('a lease keeper', () => {
  it('prolongs all claims three times a lease, until it is ended', async () => {
    const { clock, prolonged, keeper } = setUp({ claims: [A, B] })
    await clock.advance(9999)
    expect(prolonged).toEqual([])
    await clock.advance(10_001)
    expect(prolonged).toEqual(['a at 10000', 'b at 10000', 'a at 20000', 'b at 20000'])
    await keeper.end()
    await clock.advance(60_000)
    expect(prolonged).toHaveLength(4)
  })

  it('counts from when the claims were asked for', async () => {
    const { clock, prolonged } = setUp({ askedBeforeMs: 4000 })
    await clock.advance(10_000)
    expect(prolonged).toEqual(['a at 6000'])
  })

  it('prolongs at once where a third of the lease is over already', async () => {
    const { clock, prolonged } = setUp({ askedBeforeMs: 14_000 })
    await clock.advance(0)
    expect(prolonged).toEqual(['a at 0'])
  })

  it('tells of a claim that is lost, and keeps the others', async () => {
    const { clock, prolonged, errors, answers } = setUp({ claims: [A, B] })
    answers.prolong = key => key === 'b'
    await clock.advance(20_000)
    expect(prolonged).toEqual(['a at 10000', 'b at 10000', 'b at 20000'])
    expect(errors).toMatchObject([{ code: 'IDEMPOTENCY_LEASE_LOST', message: expect.stringContaining('claim of a') }])
  })

  it('tells of a store that fails, and tries again before the lease ends', async () => {
    const { clock, prolonged, errors, answers } = setUp()
    const error = new RocketMQError('IDEMPOTENCY_STORE_FAILED', 'gone')
    answers.prolong = () => Promise.reject(error)
    await clock.advance(10_000)
    expect(errors).toEqual([error])
    answers.prolong = () => true
    await clock.advance(10_000)
    expect(prolonged).toEqual(['a at 10000', 'a at 20000'])
    expect(errors).toHaveLength(1)
  })

  it('stops at its bound, and says so', async () => {
    const { clock, prolonged, errors } = setUp({ maxLeaseMs: 25_000 })
    await clock.advance(200_000)
    expect(prolonged).toEqual(['a at 10000', 'a at 20000'])
    expect(errors).toMatchObject([{ code: 'IDEMPOTENCY_LEASE_LOST', message: expect.stringContaining('maxLeaseMs') }])
  })

  it('ends after a call that is under way, so that what follows is not overtaken', async () => {
    const { clock, answers, keeper } = setUp()
    let answer = (_: boolean): void => undefined
    answers.prolong = () => new Promise<boolean>(resolve => (answer = resolve))
    await clock.advance(10_000)
    let ended = false
    const end = keeper.end().then(() => (ended = true))
    await clock.advance(0)
    expect(ended).toBe(false)
    answer(true)
    await end
  })

  it('has only one call of a claim under way where the store is slow', async () => {
    const { clock, prolonged, answers } = setUp()
    answers.prolong = () => new Promise<boolean>(() => undefined)
    await clock.advance(100_000)
    expect(prolonged).toEqual(['a at 10000'])
  })
})
