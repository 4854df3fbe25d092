import fc from '../../../support/property'
import { allocateByMachineRoom } from '../../../../lib/consumer/allocate/by-machine-room'
import {
  anyGroup,
  describeCommonChecks,
  expectEachQueueOnce,
  inputOf,
  queuesOf,
  sharesOf,
} from '../../../support/allocation'

describe('MACHINE_ROOM', () => {
  it('gives equal runs, and what is left one by one', () => {
    expect(sharesOf(allocateByMachineRoom(['hz']), queuesOf(5, 'hz@a'), ['a', 'b', 'c'])).toEqual([[0, 3], [1, 4], [2]])
  })

  it('gives nobody the queues of other rooms, nor of brokers whose name tells no room', () => {
    const queues = [...queuesOf(1, 'hz@a'), ...queuesOf(1, 'sh@a'), ...queuesOf(1, 'plain'), ...queuesOf(1, 'hz@a@b')]
    expect(allocateByMachineRoom(['hz']).allocate(inputOf({ queues }))).toEqual(queuesOf(1, 'hz@a'))
  })

  it('gives every queue once where all rooms are named', () => {
    const strategy = allocateByMachineRoom(['hz', 'sh', 'gz'])
    fc.assert(fc.property(anyGroup, group => void expectEachQueueOnce(strategy, group)))
  })

  it('is known by its name', () => {
    expect(allocateByMachineRoom([]).name).toBe('MACHINE_ROOM')
  })

  describeCommonChecks(allocateByMachineRoom(['hz']))
})
