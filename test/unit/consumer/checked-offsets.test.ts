import { runInNewContext } from 'node:vm'
import Long from 'long'
import { checkedOffset, checkedOffsets } from '../../../lib/consumer/checked-offsets'
import type { MessageQueue } from '../../../lib/model/message-queue'

const queue = { topic: 'T', brokerName: 'b', queueId: 0 }
const other = { ...queue, queueId: 1 }

describe('an offset that a user names', () => {
  it.each([7, 7n, '7', Long.fromNumber(7)])('may be %p', offset => {
    expect(checkedOffset(offset)).toBe(7)
  })

  it.each([-1, 1.5, 'x', undefined])('may not be %p', offset => {
    expect(() => checkedOffset(offset as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('is never rounded', () => {
    expect(() => checkedOffset(2n ** 53n)).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
  })
})

describe('offsets by their queues', () => {
  it('may be left out', () => {
    expect([...checkedOffsets([queue, other])]).toEqual([
      [queue, undefined],
      [other, undefined],
    ])
  })

  it('are read from a map of any realm', () => {
    const foreign = runInNewContext('new Map([[queue, "5"]])', { queue }) as Map<MessageQueue, string>
    for (const map of [new Map([[queue, 5n]]), foreign]) expect([...checkedOffsets(map)]).toEqual([[queue, 5]])
  })

  it('are checked, and their queues, too', () => {
    const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => checkedOffsets(new Map([[queue, -1]]))).toThrow(invalid)
    expect(() => checkedOffsets(new Map([[{ topic: 'T' } as never, 1]]))).toThrow(invalid)
    expect(() => checkedOffsets({ persist: false } as never)).toThrow(invalid)
  })
})
