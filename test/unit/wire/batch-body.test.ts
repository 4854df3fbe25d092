import fc from '../../support/property'
import { batchEntryBytes, decodeBatchBody, encodeBatchBody } from '../../../lib/wire/batch-body'

const entry = fc.record({
  flag: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  body: fc.uint8Array({ maxLength: 50 }).map(bytes => Buffer.from(bytes)),
  properties: fc.string({ unit: 'grapheme', maxLength: 30 }),
})

describe('the body of a batch', () => {
  it('carries entries there and back, and has the size that was told', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), entries => {
        const body = encodeBatchBody(entries)
        expect(body).toHaveLength(entries.reduce((total, each) => total + batchEntryBytes(each), 0))
        expect(decodeBatchBody(body)).toEqual(entries)
      }),
    )
  })

  it('is what Java writes', () => {
    const body = encodeBatchBody([
      { flag: 3, body: Buffer.from('hi'), properties: 'KEYS\u0001k1 k2\u0002TAGS\u0001TagA\u0002' },
    ])
    expect(body.toString('hex')).toBe(
      '0000002d00000000000000000000000300000002686900154b455953016b31206b320254414753015461674102',
    )
  })

  it('takes a plain Uint8Array for a body', () => {
    expect(
      decodeBatchBody(encodeBatchBody([{ flag: 0, body: new Uint8Array([1, 2]), properties: '' }]))[0]?.body,
    ).toEqual(Buffer.of(1, 2))
  })

  it('refuses properties that are too long', () => {
    expect(() => encodeBatchBody([{ flag: 0, body: Buffer.alloc(1), properties: 'x'.repeat(32_768) }])).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
    expect(() => encodeBatchBody([{ flag: 0, body: Buffer.alloc(1), properties: 'x'.repeat(32_767) }])).not.toThrow()
  })

  it('is refused when it is cut anywhere but between entries', () => {
    const one = encodeBatchBody([{ flag: 0, body: Buffer.from('body'), properties: 'a\u0001b\u0002' }])
    const two = Buffer.concat([one, one])
    for (let length = 1; length < two.length; length++) {
      if (length === one.length) expect(decodeBatchBody(two.subarray(0, length))).toHaveLength(1)
      else
        expect(() => decodeBatchBody(two.subarray(0, length))).toThrow(
          expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
        )
    }
  })
})
