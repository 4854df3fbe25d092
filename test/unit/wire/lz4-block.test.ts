import fc from '../../support/property'
import { decodeLz4Block, Lz4Output } from '../../../lib/wire/lz4-block'
import { encodeLz4Block } from '../../support/lz4-encoder'

function decode(block: Buffer, maxBytes = 100_000): Buffer {
  const output = new Lz4Output(1, maxBytes)
  decodeLz4Block(block, { start: 0, end: block.length, firstByte: 0 }, output)
  return output.bytes
}

describe('decodeLz4Block', () => {
  it('reads what an encoder wrote, from an output that starts small', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ab', 'abc', 'x', 'longer piece of text '), { maxLength: 200 }), parts => {
        const bytes = Buffer.from(parts.join(''))
        expect(decode(encodeLz4Block(bytes, 0, bytes.length, 0))).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['a run of one byte', [0x1f, 0x61, 1, 0, 10, 0x50, 1, 2, 3, 4, 5], 'a'.repeat(30)],
    ['a repeat that overlaps itself', [0x2f, 0x61, 0x62, 2, 0, 4, 0x50, 1, 2, 3, 4, 5], 'ab'.repeat(12) + 'a'],
  ])('writes %s', (_what, bytes, text) => {
    expect(decode(Buffer.from(bytes)).subarray(0, -5).toString()).toBe(text)
  })

  it.each([
    ['an offset of 0', [0x10, 0x61, 0, 0, 0]],
    ['an offset before the start', [0x10, 0x61, 2, 0, 0]],
    ['literals past its end', [0x50, 0x61]],
    ['a length without end', [0xff, 0xff, 0xff]],
    ['half an offset', [0x10, 0x61, 1]],
    ['a match at its very end', [0x1f, 0x61, 1, 0, 3]],
    ['nothing', []],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decode(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }))
  })

  it('is capped', () => {
    const block = Buffer.concat([Buffer.of(0x1f, 0x61, 1, 0), Buffer.alloc(1_000, 0xff), Buffer.of(0, 0)])
    expect(() => decode(block, 10_000)).toThrow(/more than 10000 bytes/)
  })
})
