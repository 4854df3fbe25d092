import { FLAG_ONEWAY, FLAG_RESPONSE, isOneway, isResponse } from '../../../lib/wire/remoting-command'

describe('flags of a frame', () => {
  it.each([
    [0, false, false],
    [FLAG_RESPONSE, true, false],
    [FLAG_ONEWAY, false, true],
    [FLAG_RESPONSE | FLAG_ONEWAY, true, true],
    [-2147483645, true, true],
    [4, false, false],
  ])('flag %i: response %s, oneway %s', (flag, response, oneway) => {
    expect([isResponse({ flag }), isOneway({ flag })]).toEqual([response, oneway])
  })
})
