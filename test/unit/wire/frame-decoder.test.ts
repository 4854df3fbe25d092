import fc from '../../support/property'
import { decodeFrame, FrameDecoder } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { RemotingCommand } from '../../../lib/wire/remoting-command'
import { anyCommand, received } from '../../support/frames'

function decodeAll(chunks: readonly Buffer[]): RemotingCommand[] {
  const commands: RemotingCommand[] = []
  const decoder = new FrameDecoder(command => commands.push(command))
  for (const chunk of chunks) decoder.push(chunk)
  return commands
}

/** The bytes cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end))
}

/** A whole frame with these bytes after its length. */
function frame(...parts: (number | Buffer)[]): Buffer {
  const payload = Buffer.concat(parts.map(part => (typeof part === 'number' ? uint32(part) : part)))
  return Buffer.concat([uint32(payload.length), payload])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

describe('FrameDecoder', () => {
  it('gives the same commands however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (commands, places) => {
        const stream = Buffer.concat(commands.map(encodeFrame))
        expect(decodeAll(cut(stream, places))).toEqual(commands.map(received))
      }),
      { numRuns: 300 },
    )
  })

  it('gives the same commands byte by byte', () => {
    const commands = fc.sample(anyCommand, { numRuns: 5, seed: 1 })
    const stream = Buffer.concat(commands.map(encodeFrame))
    expect(decodeAll(Array.from(stream, byte => Buffer.of(byte)))).toEqual(commands.map(received))
  })

  it('lets the memory of a chunk be used again', () => {
    const commands = fc.sample(anyCommand, { numRuns: 5, seed: 1 })
    const stream = Buffer.concat(commands.map(encodeFrame))
    const decoded: RemotingCommand[] = []
    const decoder = new FrameDecoder(command => decoded.push(command))
    const memory = Buffer.alloc(1000)
    for (let at = 0; at < stream.length; at += memory.length) {
      decoder.push(memory.subarray(0, stream.copy(memory, 0, at)))
      memory.fill(0xff)
    }
    expect(decoded).toEqual(commands.map(received))
  })

  it.each([
    ['a length of 0', uint32(0)],
    ['a length below its own head', uint32(3)],
    ['a negative length', uint32(0xffff_ffff)],
    ['a length above 16 MiB', uint32(16_777_213)],
    ['a header beyond the frame', frame(99, Buffer.from('{"code":1}'))],
    ['an unknown serialize type', frame(0x0200_000a, Buffer.from('{"code":1}'))],
    ['a JSON header of no bytes', frame(0)],
    ['a JSON header that is a list', frame(5, Buffer.from('[1,2]'))],
    ['a JSON header that is cut', frame(9, Buffer.from('{"code":1'))],
    ['a binary header that is cut', frame(0x0100_0014, Buffer.alloc(20))],
    ['a remark beyond the header', frame(0x0100_0015, Buffer.alloc(13), 1, 0)],
    ['fields beyond the header', frame(0x0100_0015, Buffer.alloc(13), 0, 1)],
    ['half a field', frame(0x0100_0016, Buffer.alloc(13), 0, 1, Buffer.of(0))],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeAll([bytes])).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    expect(() => decodeAll(Array.from(bytes, byte => Buffer.of(byte)))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR' }),
    )
  })

  it('refuses a frame that is too large before it takes memory for it', () => {
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 100; i++) expect(() => decodeAll([uint32(0x7fff_ffff)])).toThrow(/claims/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  })
})

describe('decodeFrame', () => {
  it('reads a frame out of the middle of a buffer', () => {
    const one = encodeFrame({ code: 7, language: 'GO', version: 3, opaque: 5, flag: 1, serializeType: 'ROCKETMQ' })
    const within = Buffer.concat([Buffer.from('<<'), one, Buffer.from('>>')])
    expect(decodeFrame(within, 6, 2 + one.length)).toMatchObject({ code: 7, language: 'GO', body: Buffer.alloc(0) })
  })
})
