import fc from '../../../support/property'
import { allocateByConsistentHash } from '../../../../lib/consumer/allocate/consistent-hash'
import { anyGroup, describeCommonChecks, expectEachQueueOnce, inputOf, queuesOf } from '../../../support/allocation'

describe('CONSISTENT_HASH', () => {
  it('shares queues as Java does', () => {
    const clientIds = ['10.0.0.1@1', '10.0.0.1@10', '10.0.0.2@1']
    const queues = [...queuesOf(4, 'broker-a'), ...queuesOf(4, 'broker-b')]
    const shares = clientIds.map(clientId =>
      allocateByConsistentHash()
        .allocate(inputOf({ clientId, queues, clientIds }))
        .map(({ brokerName, queueId }) => `${brokerName.slice(-1)}${queueId}`),
    )
    expect(shares).toEqual([['a0', 'b1'], ['a1', 'a2', 'b0', 'b2', 'b3'], ['a3']])
  })

  it('gives every queue once, whatever the number of virtual nodes', () => {
    fc.assert(
      fc.property(
        anyGroup,
        fc.integer({ min: 1, max: 20 }),
        (group, nodes) => void expectEachQueueOnce(allocateByConsistentHash(nodes), group),
      ),
    )
  })

  it('moves no queue between members that stay when another leaves', () => {
    const strategy = allocateByConsistentHash()
    fc.assert(
      fc.property(anyGroup, ({ queues, clientIds }) => {
        const [leaver, ...stayers] = clientIds
        fc.pre(leaver !== undefined && stayers.length > 0)
        for (const clientId of stayers) {
          const after = strategy.allocate(inputOf({ clientId, queues, clientIds: stayers }))
          expect(after).toEqual(expect.arrayContaining(strategy.allocate(inputOf({ clientId, queues, clientIds }))))
        }
      }),
    )
  })

  it('gives a client that is listed twice more places, so that it only gains', () => {
    const queues = queuesOf(64)
    const shareOf = (clientIds: string[]) =>
      allocateByConsistentHash().allocate(inputOf({ clientId: 'a', queues, clientIds }))
    const twice = shareOf(['a', 'a', 'b'])
    expect(twice).toEqual(expect.arrayContaining(shareOf(['a', 'b'])))
    expect(twice.length).toBeGreaterThan(shareOf(['a', 'b']).length)
  })

  it('gives nobody anything without virtual nodes, as Java does', () => {
    expect(allocateByConsistentHash(0).allocate(inputOf({}))).toEqual([])
  })

  it.each([-1, 1.5, NaN])('refuses %p virtual nodes', nodes => {
    expect(() => allocateByConsistentHash(nodes)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('is known by its name', () => {
    expect(allocateByConsistentHash().name).toBe('CONSISTENT_HASH')
  })

  describeCommonChecks(allocateByConsistentHash())
})
