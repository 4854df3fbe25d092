import {
  type IdempotentOptions,
  resolveIdempotentOptions,
} from '../../../../lib/consumer/idempotent/idempotent-options'
import { MemoryIdempotencyStore } from '../../../../lib/consumer/idempotent/memory-idempotency-store'
import { RocketMQError } from '../../../../lib/errors'
import { orderMessage } from '../../../support/idempotent-setup'

const store = new MemoryIdempotencyStore()
const resolve = (options: Partial<IdempotentOptions>) => resolveIdempotentOptions({ store, ...options })

describe('the options of idempotent', () => {
  it('have these defaults', () => {
    expect(resolve({})).toMatchObject({
      store,
      ordered: 'none',
      ttlMs: 86_400_000,
      leaseMs: 30_000,
      maxLeaseMs: 900_000,
      storeTimeoutMs: 5000,
    })
    expect(resolve({}).keyOf(orderMessage('1'))).toBeUndefined()
  })

  it('fit the limits that depend on the lease to it', () => {
    expect(resolve({ leaseMs: 3000 })).toMatchObject({ storeTimeoutMs: 1000, maxLeaseMs: 900_000 })
    expect(resolve({ leaseMs: 3_600_000 })).toMatchObject({ storeTimeoutMs: 5000, maxLeaseMs: 3_600_000 })
    expect(resolve({ leaseMs: 10 })).toMatchObject({ storeTimeoutMs: 3 })
  })

  it.each([
    ['ttlMs', 0],
    ['ttlMs', 315_360_000_001],
    ['ttlMs', 1.5],
    ['leaseMs', 9],
    ['leaseMs', 86_400_001],
    ['maxLeaseMs', 29_999],
    ['storeTimeoutMs', 0],
    ['storeTimeoutMs', 15_001],
    ['ordered', 'topic'],
    ['keyOf', 'orderId'],
    ['onDuplicate', {}],
    ['onBackgroundError', 1],
    ['store', undefined],
    ['store', null],
    ['store', { claim: () => undefined, done: () => undefined }],
  ])('refuse a %s of %p', (name, value) => {
    expect(() => resolve({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  it('must be an object', () => {
    expect(() => resolveIdempotentOptions(undefined as unknown as IdempotentOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('let no failure of onBackgroundError out', async () => {
    const told: RocketMQError[] = []
    const { onBackgroundError } = resolve({
      onBackgroundError: error => {
        told.push(error)
        throw new Error('of the user')
      },
    })
    const error = new RocketMQError('IDEMPOTENCY_STORE_FAILED', 'no store')
    onBackgroundError(error)
    expect(told).toEqual([error])
  })
})
