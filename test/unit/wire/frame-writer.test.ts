import fc from '../../support/property'
import { FrameDecoder } from '../../../lib/wire/frame-decoder'
import { encodeFrame, FrameWriter } from '../../../lib/wire/frame-writer'
import {
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
  type OutgoingCommand,
  type RemotingCommand,
} from '../../../lib/wire/remoting-command'
import { anyCommand, received } from '../../support/frames'

const command: OutgoingCommand = {
  code: 10,
  language: 'OTHER',
  version: 477,
  opaque: 1,
  flag: 0,
  serializeType: 'JSON',
}

function decodeAll(stream: Uint8Array): RemotingCommand[] {
  const commands: RemotingCommand[] = []
  new FrameDecoder(each => commands.push(each)).push(Buffer.from(stream))
  return commands
}

describe('FrameWriter', () => {
  it.each(['JSON', 'ROCKETMQ'] as const)(
    'has room for the largest message with all the properties of it (%s)',
    type => {
      const frame = encodeFrame({
        ...command,
        serializeType: type,
        extFields: { i: '\u0001'.repeat(32_767), b: 'T'.repeat(255), a: 'g'.repeat(255) },
        body: Buffer.alloc(MAX_MESSAGE_BYTES),
      })
      expect(frame.length).toBeLessThanOrEqual(MAX_FRAME_BYTES)
    },
  )

  it('gives the frames of one turn in order, in few chunks', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 10 }), commands => {
        const writer = new FrameWriter()
        for (const each of commands) writer.write(each)
        const chunks = writer.take()
        expect(chunks.length).toBeLessThanOrEqual(1)
        expect(decodeAll(Buffer.concat(chunks))).toEqual(commands.map(received))
      }),
    )
  })

  it('never writes again to what was taken', () => {
    const writer = new FrameWriter()
    writer.write(command)
    const [first] = writer.take()
    const before = Buffer.from(first ?? [])
    for (let i = 0; i < 2_000; i++) writer.write({ ...command, opaque: i })
    writer.take()
    expect(Buffer.from(first ?? [])).toEqual(before)
  })

  it('passes a large body on as it is, between what comes before and after it', () => {
    const body = Buffer.alloc(20_000, 7)
    const writer = new FrameWriter()
    writer.write(command)
    writer.write({ ...command, opaque: 2, body })
    writer.write({ ...command, opaque: 3 })
    const chunks = writer.take()
    expect(chunks).toHaveLength(3)
    expect(chunks[1]).toBe(body)
    expect(decodeAll(Buffer.concat(chunks)).map(each => each.opaque)).toEqual([1, 2, 3])
    expect(writer.take()).toEqual([])
  })

  it('copies a small body, so that its memory may be used again', () => {
    const body = Buffer.from('body')
    const writer = new FrameWriter()
    writer.write({ ...command, body })
    body.write('BODY')
    expect(decodeAll(Buffer.concat(writer.take()))[0]?.body.toString()).toBe('body')
  })

  it('writes headers that are larger than what it sets aside at a time', () => {
    const extFields = { i: '键'.repeat(40_000) }
    for (const serializeType of ['JSON', 'ROCKETMQ'] as const) {
      expect(decodeAll(encodeFrame({ ...command, extFields, serializeType }))[0]?.extFields).toEqual(extFields)
    }
  })

  it('refuses a frame above 16 MiB and goes on without it', () => {
    const writer = new FrameWriter()
    writer.write(command)
    expect(() => writer.write({ ...command, body: Buffer.alloc(16_777_216) })).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
    writer.write({ ...command, opaque: 2 })
    expect(decodeAll(Buffer.concat(writer.take())).map(each => each.opaque)).toEqual([1, 2])
  })
})

describe('encodeFrame', () => {
  it('writes the binary frame that Java writes', () => {
    const binary = encodeFrame({
      code: 105,
      language: 'OTHER',
      version: 401,
      opaque: 7,
      flag: 0,
      remark: 'r',
      extFields: { topic: 'T' },
      body: Buffer.of(1, 2),
      serializeType: 'ROCKETMQ',
    })
    expect(binary.toString('hex')).toBe(
      '0000002801000022006907019100000007000000000000000172' + '0000000c0005746f70696300000001540102',
    )
  })
})
