import fc from '../../support/property'
import { decodeLz4Frames } from '../../../lib/wire/lz4-frame'
import { encodeLz4Frame, type Lz4EncoderOptions, uint32 } from '../../support/lz4-encoder'

const CAP = 1_000_000
const options = fc.record<Lz4EncoderOptions>({
  linked: fc.boolean(),
  blockChecksums: fc.boolean(),
  contentChecksum: fc.boolean(),
  contentSize: fc.boolean(),
  blockBytes: fc.constantFrom(64, 1_000, 65_536),
})
/** Bytes with runs and repeats of all distances. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.nat(300)).map(([byte, length]) => Buffer.alloc(length, byte)),
    ),
    { maxLength: 12 },
  )
  .map(parts => Buffer.concat([...parts, ...parts.slice(0, 3), ...parts]))

describe('decodeLz4Frames', () => {
  it('reads frames of every kind', () => {
    fc.assert(
      fc.property(content, options, (bytes, how) =>
        expect(decodeLz4Frames(encodeLz4Frame(bytes, how), CAP)).toEqual(bytes),
      ),
    )
  })

  it('reads a frame that Java wrote', () => {
    const frame = Buffer.from('04224d186070730a0000001a61010050616161616100000000', 'hex')
    expect(decodeLz4Frames(frame, CAP).toString()).toBe('a'.repeat(20))
  })

  it('reads frames behind one another and skips those to be skipped', () => {
    const skippable = Buffer.concat([uint32(0x184d2a5f), uint32(3), Buffer.from('xyz')])
    const body = Buffer.concat([
      skippable,
      encodeLz4Frame(Buffer.from('one ')),
      skippable,
      encodeLz4Frame(Buffer.from('two')),
    ])
    expect(decodeLz4Frames(body, CAP).toString()).toBe('one two')
  })

  it('does not let a linked frame repeat bytes of the frame before it', () => {
    const second = encodeLz4Frame(Buffer.from('abcdabcdabcdabcdabcdabcd'), { linked: true })
    // The first match points four bytes back; move it to the frame before.
    second[second.indexOf(Buffer.from([0x04, 0x00]), 12)] = 0x09
    expect(() => decodeLz4Frames(Buffer.concat([encodeLz4Frame(Buffer.alloc(64, 1)), second]), CAP)).toThrow(
      /not there/,
    )
  })

  it('refuses every truncation of a frame', () => {
    const frame = encodeLz4Frame(Buffer.from('hello hello hello hello hello hello'), {
      contentChecksum: true,
      contentSize: true,
      blockChecksums: true,
    })
    for (let length = 0; length < frame.length; length++) {
      expect(() => decodeLz4Frames(frame.subarray(0, length), CAP)).toThrow(
        expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
      )
    }
  })

  it('notices a changed byte wherever there are checksums, or fails with MESSAGE_UNREADABLE', () => {
    const bytes = Buffer.from('hello hello hello, this is some text to be told apart, hello hello')
    const frame = encodeLz4Frame(bytes, { contentChecksum: true, contentSize: true, blockChecksums: true })
    for (let i = 0; i < frame.length; i++) {
      const changed = Buffer.from(frame)
      changed[i] = (changed[i] as number) ^ 0x41
      expect(() => decodeLz4Frames(changed, CAP)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }))
    }
  })

  it('stops at the cap, and before it where the frame tells its size', () => {
    const bomb = encodeLz4Frame(Buffer.alloc(300_000))
    expect(bomb.length).toBeLessThan(2_000)
    expect(() => decodeLz4Frames(bomb, 299_999)).toThrow(/more than 299999 bytes/)
    expect(decodeLz4Frames(bomb, 300_000)).toHaveLength(300_000)
    const honest = encodeLz4Frame(Buffer.alloc(300_000), { contentSize: true })
    expect(() => decodeLz4Frames(honest.subarray(0, 20), 299_999)).toThrow(/more than 299999 bytes/)
  })

  it.each([
    ['nothing', ''],
    ['another format', '785e4b4cc404004fa60795'],
    ['a legacy frame', '02214c1800000000'],
    ['another version', '04224d1820707300000000'],
    ['a reserved bit', '04224d1862707300000000'],
    ['a dictionary', '04224d186170730000000000000000'],
    ['a block size of none', '04224d1860307300000000'],
  ])('refuses %s', (_what, hex) => {
    expect(() => decodeLz4Frames(Buffer.from(hex, 'hex'), CAP)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
    )
  })

  it('refuses a block that is larger than the header allows', () => {
    const large = Buffer.alloc(65_537, 7)
    expect(() => decodeLz4Frames(encodeLz4Frame(large, { blockBytes: 65_537 }), CAP)).toThrow(
      /larger than its header allows/,
    )
  })
})
