import { javaSplit } from '../../../lib/model/java-text'
import { machineRoomOf } from '../../../lib/model/machine-room'
import fc from '../../support/property'

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

  it('is the first of exactly two parts that Java splits the name into', () => {
    const name = fc.array(fc.constantFrom('@', 'a', 'b'), { maxLength: 8 }).map(letters => letters.join(''))
    fc.assert(
      fc.property(name, brokerName => {
        const parts = javaSplit(brokerName, '@')
        expect(machineRoomOf(brokerName)).toBe(parts.length === 2 ? parts[0] : undefined)
      }),
      { numRuns: 500 },
    )
  })
})
