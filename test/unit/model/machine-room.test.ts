import { machineRoomOf } from '../../../lib/model/machine-room'

describe('machineRoomOf', () => {
  it.each([
    ['hz@broker-a', 'hz'],
    ['broker-a', undefined],
    ['hz@', undefined],
    ['hz@x@broker-a', undefined],
    ['', undefined],
  ])('of %j is %j', (brokerName, room) => {
    expect(machineRoomOf(brokerName)).toBe(room)
  })
})
