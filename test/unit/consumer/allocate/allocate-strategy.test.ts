import { memberIndex } from '../../../../lib/consumer/allocate/allocate-strategy'
import { inputOf } from '../../../support/allocation'

describe('memberIndex', () => {
  it('is the place of the asking member, -1 where it is not listed', () => {
    expect(memberIndex(inputOf({ clientId: 'b', clientIds: ['a', 'b'] }))).toBe(1)
    expect(memberIndex(inputOf({ clientId: 'x', clientIds: ['a', 'b'] }))).toBe(-1)
  })

  it('names the group where there is nothing to decide upon', () => {
    expect(() => memberIndex(inputOf({ consumerGroup: 'billing', queues: [] }))).toThrow('group billing has no queues')
    expect(() => memberIndex(inputOf({ consumerGroup: 'billing', clientIds: [] }))).toThrow(
      'group billing has no members',
    )
  })
})
