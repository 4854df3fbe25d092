import { allocateByConfig } from '../../../../lib/consumer/allocate/by-config'
import { inputOf, queuesOf } from '../../../support/allocation'

describe('CONFIG', () => {
  it('gives the configured queues, whoever is a member and whatever queues there are', () => {
    const mine = queuesOf(2, 'broker-x')
    const strategy = allocateByConfig(mine)
    expect(strategy.name).toBe('CONFIG')
    expect(strategy.allocate(inputOf({ clientId: 'x', queues: [], clientIds: [] }))).toEqual(mine)
  })

  it('gives a list of its own, so that nobody changes the configured one', () => {
    const strategy = allocateByConfig(queuesOf(1))
    strategy.allocate(inputOf({})).pop()
    expect(strategy.allocate(inputOf({}))).toHaveLength(1)
  })
})
