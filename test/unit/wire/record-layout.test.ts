import { bornHostBytes, layoutFromZero, storeHostBytes } from '../../../lib/wire/record-layout'

describe('the layout of a record', () => {
  it.each([
    [0, 8, 8],
    [0x10, 20, 8],
    [0x20, 8, 20],
    [0xf3, 20, 20],
  ])('with the flag %i has hosts of %i and %i bytes', (sysFlag, born, store) => {
    expect([bornHostBytes(sysFlag), storeHostBytes(sysFlag)]).toEqual([born, store])
  })

  it('can be moved to the front', () => {
    const layout = {
      start: 10,
      end: 18,
      bodyStart: 11,
      bodyEnd: 12,
      topicStart: 13,
      topicEnd: 14,
      propertiesStart: 15,
      propertiesEnd: 16,
    }
    expect(Object.values(layoutFromZero(layout)).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 8])
  })
})
