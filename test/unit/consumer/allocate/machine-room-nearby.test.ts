import fc from '../../../support/property'
import { allocateAveragely } from '../../../../lib/consumer/allocate/averagely'
import { allocateAveragelyByCircle } from '../../../../lib/consumer/allocate/averagely-by-circle'
import { allocateByConsistentHash } from '../../../../lib/consumer/allocate/consistent-hash'
import { allocateMachineRoomNearby } from '../../../../lib/consumer/allocate/machine-room-nearby'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { anyGroup, describeCommonChecks, expectEachQueueOnce, inputOf, queuesOf } from '../../../support/allocation'

const rooms = {
  brokerDeployIn: ({ brokerName }: MessageQueue) => brokerName.split('@', 1)[0] ?? '',
  consumerDeployIn: (clientId: string) => clientId.split('-', 1)[0] ?? '',
}
const nearby = allocateMachineRoomNearby(allocateAveragely, rooms)

describe('MACHINE_ROOM_NEARBY', () => {
  const queues = [...queuesOf(2, 'bj@a'), ...queuesOf(2, 'hz@a'), ...queuesOf(3, 'sh@a')]

  it('keeps queues in their room, and shares those of rooms without members', () => {
    const clientIds = ['hz-1', 'sh-1', 'sh-2']
    const shares = clientIds.map(clientId =>
      nearby
        .allocate(inputOf({ clientId, queues, clientIds }))
        .map(({ brokerName, queueId }) => `${brokerName.slice(0, 2)}${queueId}`),
    )
    expect(shares).toEqual([['hz0', 'hz1', 'bj0'], ['sh0', 'sh1', 'bj1'], ['sh2']])
  })

  it('shares rooms without members in the order of their names', () => {
    const inOrder = [...queuesOf(1, 'z@a'), ...queuesOf(1, 'a@a')]
    const share = nearby.allocate(inputOf({ clientId: 'hz-1', queues: inOrder, clientIds: ['hz-1'] }))
    expect(share.map(({ brokerName }) => brokerName)).toEqual(['a@a', 'z@a'])
  })

  it.each([allocateAveragely, allocateAveragelyByCircle, allocateByConsistentHash()])(
    'gives every queue once around $name',
    inner => {
      fc.assert(
        fc.property(anyGroup, group => void expectEachQueueOnce(allocateMachineRoomNearby(inner, rooms), group)),
      )
    },
  )

  it('carries the name of the strategy inside', () => {
    expect(allocateMachineRoomNearby(allocateByConsistentHash(), rooms).name).toBe(
      'MACHINE_ROOM_NEARBY-CONSISTENT_HASH',
    )
  })

  it('refuses queues and members of no room', () => {
    const refusal = expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('machine room'),
    })
    expect(() => nearby.allocate(inputOf({ queues: queuesOf(1, '@a') }))).toThrow(refusal)
    expect(() => nearby.allocate(inputOf({ clientIds: ['c1', '-x'] }))).toThrow(refusal)
  })

  describeCommonChecks(nearby)
})
