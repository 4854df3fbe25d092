import { decodeLz4Frames } from '../../../lib/wire/lz4-frame'
import { encodeLz4Frame } from '../../../lib/wire/lz4-frame-encoder'
import fc from '../../support/property'

const MIB = 1024 * 1024

describe('encodeLz4Frame', () => {
  it('writes the bytes that Java writes', () => {
    expect(encodeLz4Frame(Buffer.from('a'.repeat(20))).toString('hex')).toBe(
      '04224d186070730a0000001a61010050616161616100000000',
    )
  })

  it('gives what decodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), bytes => {
        const source = Buffer.from(bytes)
        expect(decodeLz4Frames(encodeLz4Frame(source), 3000).equals(source)).toBe(true)
      }),
    )
  })

  it('cuts what is larger than 4 MiB into blocks, and stores those as they are that would grow', () => {
    const noise = new Uint32Array(MIB + 5)
    for (let i = 0, state = 1; i < noise.length; i++) noise[i] = state = Math.imul(state, 1_664_525) + 1_013_904_223
    const source = Buffer.concat([Buffer.from(noise.buffer), Buffer.alloc(5 * MIB, 'text ')])
    const frame = encodeLz4Frame(source)
    expect(frame.length).toBeLessThan(4.2 * MIB)
    expect(frame.readUInt32LE(7)).toBe(0x8000_0000 + 4 * MIB)
    expect(decodeLz4Frames(frame, source.length).equals(source)).toBe(true)
  })

  it('holds no memory for what might have been', () => {
    expect(encodeLz4Frame(Buffer.alloc(MIB)).buffer.byteLength).toBeLessThan(MIB / 10)
  })
})
