import fc from '../../support/property'
import { decodeRecallHandle, encodeRecallHandle } from '../../../lib/model/recall-handle'

const HANDLE = 'djEgVCBicm9rZXItMCAxNzAwMDAwMDAwMDAwIDdGMDAwMDAxMEJBRDE4QjRBQUMyNUQ2RjNFMTAwMDAw'
const PARTS = {
  topic: 'T',
  brokerName: 'broker-0',
  timestamp: '1700000000000',
  messageId: '7F0000010BAD18B4AAC25D6F3E100000',
}

describe('recall handles', () => {
  it('are what Java makes', () => {
    expect(encodeRecallHandle(PARTS)).toBe(HANDLE)
    expect(decodeRecallHandle(HANDLE)).toEqual(PARTS)
  })

  it('come back as they were, padded to whole groups of four', () => {
    const word = fc.stringMatching(/^[^\s\ud800-\udfff]{1,12}$/)
    fc.assert(
      fc.property(word, word, word, word, (topic, brokerName, timestamp, messageId) => {
        const handle = encodeRecallHandle({ topic, brokerName, timestamp, messageId })
        expect(handle.length % 4).toBe(0)
        expect(decodeRecallHandle(handle)).toEqual({ topic, brokerName, timestamp, messageId })
      }),
    )
  })

  const base64 = (text: string): string => Buffer.from(text).toString('base64url')

  it.each([
    ['nothing', ''],
    ['no base64', `${HANDLE}\n`],
    ['a text cut short', HANDLE.slice(0, -3)],
    ['another version', base64('v2 T b 1 ID')],
    ['too few parts', base64('v1 T b 1')],
    ['white space', base64('     ')],
  ])('are refused where they hold %s', (_, handle) => {
    expect(() => decodeRecallHandle(handle)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
