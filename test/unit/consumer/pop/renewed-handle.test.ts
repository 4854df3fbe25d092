import { renewedHandle } from '../../../../lib/consumer/pop/renewed-handle'
import { buildExtraInfo, parseExtraInfo } from '../../../../lib/wire/pop-extra-info'

describe('renewedHandle', () => {
  it('holds the message by itself, by the times of the answer', () => {
    const old = parseExtraInfo('100 1700000000000 60000 3 1 broker-a 2 105')
    const header = { popTime: 1_700_000_000_500, invisibleTime: 30_000, reviveQid: 5 }
    expect(buildExtraInfo(renewedHandle(old, header))).toBe('105 1700000000500 30000 5 1 broker-a 2 105')
  })
})
