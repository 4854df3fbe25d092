import { type MessageFilter, checkedFilters, filterMessages } from '../../../lib/consumer/message-filter'
import { RocketMQError } from '../../../lib/errors'
import { storedMessage } from '../../support/records'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const MESSAGES = [10, 11, 12].map(queueOffset => storedMessage({ queueOffset }))

function run(...filters: MessageFilter[]) {
  const errors: RocketMQError[] = []
  const filter = filterMessages(filters, { consumerGroup: 'g', onBackgroundError: error => errors.push(error) })
  const left = filter?.(MESSAGES, QUEUE).map(({ queueOffset }) => queueOffset)
  return { left, errors }
}

describe('checkedFilters', () => {
  it('takes a list of functions, and nothing for none', () => {
    const filter = (): boolean => true
    expect(checkedFilters([filter])).toEqual([filter])
    expect(checkedFilters(undefined)).toEqual([])
  })

  it.each([5, 'text', [1], () => true])('refuses %p', given => {
    expect(() => checkedFilters(given as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('filters of messages', () => {
  it('are no step at all where there are none', () => {
    expect(filterMessages([], { consumerGroup: 'g', onBackgroundError: () => undefined })).toBeUndefined()
  })

  it('leave what all of them want', () => {
    const { left, errors } = run(
      ({ queueOffset }) => queueOffset > 10,
      ({ queueOffset }) => queueOffset < 12,
    )
    expect(left).toEqual([11])
    expect(errors).toEqual([])
  })

  it('are told the group and the queue', () => {
    const seen: unknown[] = []
    run((_message, context) => seen.push(context) > 0)
    expect(seen[0]).toEqual({ consumerGroup: 'g', messageQueue: QUEUE })
  })

  it('keep what they fail at, and tell of that once for a pull', () => {
    const { left, errors } = run(({ queueOffset }) => {
      if (queueOffset > 10) throw new Error('a bug')
      return false
    })
    expect(left).toEqual([11, 12])
    expect(errors).toMatchObject([{ code: 'INVALID_ARGUMENT', message: expect.stringContaining('a bug') }])
  })

  it.each([undefined, 1, Promise.resolve(false)])('do not take %p for an answer', answer => {
    const { left, errors } = run((() => answer) as never)
    expect(left).toEqual([10, 11, 12])
    expect(errors).toMatchObject([{ message: expect.stringContaining('neither true nor false') }])
  })

  it('are not asked about what cannot be read', () => {
    const unreadable = storedMessage({ queueOffset: 13 })
    unreadable.unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'no')
    const filter = filterMessages([() => false], { consumerGroup: 'g', onBackgroundError: () => undefined })
    expect(filter?.([...MESSAGES, unreadable], QUEUE)).toEqual([unreadable])
  })
})
