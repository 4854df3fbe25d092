import { Lz4Output, decodeLz4Block } from '../../../lib/wire/lz4-block'
import { type Lz4Target, encodeLz4Block, maxLz4BlockBytes } from '../../../lib/wire/lz4-block-encoder'
import fc from '../../support/property'

function encode(source: Buffer, start = 0, end = source.length): Buffer {
  const target: Lz4Target = { bytes: Buffer.alloc(maxLz4BlockBytes(end - start)), length: 0 }
  encodeLz4Block(source, { start, end }, target)
  return target.bytes.subarray(0, target.length)
}

function decode(block: Buffer, bytes: number): Buffer {
  const output = new Lz4Output(bytes, bytes)
  decodeLz4Block(block, { start: 0, end: block.length, firstByte: 0 }, output)
  return output.bytes
}

/** Texts of few letters, in which much is repeated, near and far. */
const repetitive = fc
  .array(fc.tuple(fc.constantFrom('a', 'ab', 'order-', '订单', '\0'), fc.integer({ min: 1, max: 400 })), {
    maxLength: 60,
  })
  .map(parts => Buffer.from(parts.map(([text, count]) => text.repeat(count)).join('')))

describe('encodeLz4Block', () => {
  it('gives what decodes to the same bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 2000 }).map(each => Buffer.from(each))
    fc.assert(
      fc.property(fc.oneof(bytes, repetitive), source => {
        expect(decode(encode(source), source.length).equals(source)).toBe(true)
      }),
    )
  })

  it('repeats no byte that stands before the block', () => {
    const source = Buffer.from('abcdefghijklmnop'.repeat(8))
    const block = encode(source, 64, 128)
    expect(String(decode(block, 64))).toBe(String(source.subarray(64)))
  })

  it('repeats nothing that is further away than 65535 bytes', () => {
    const far = Buffer.from('the same words at both ends')
    const source = Buffer.concat([far, Buffer.alloc(70_000), far])
    expect(decode(encode(source), source.length).equals(source)).toBe(true)
  })

  it('never needs more room than was said', () => {
    for (const length of [0, 1, 12, 13, 255, 270, 65_536]) {
      const source = Buffer.from(Array.from({ length }, (_, i) => (i * 7919 + (i >> 3) * 31) & 0xff))
      expect(encode(source).length).toBeLessThanOrEqual(maxLz4BlockBytes(length))
    }
  })

  it('makes little of what repeats itself', () => {
    expect(encode(Buffer.alloc(1_000_000, 'ab')).length).toBeLessThan(4000)
  })
})
