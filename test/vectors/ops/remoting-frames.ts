import { decodeFrame } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { ExtFields, OutgoingCommand, RemotingCommand, SerializeType } from '../../../lib/wire/remoting-command'
import { decodedFrame, readFrame } from '../plain-frame'

interface VectorCommand extends Omit<OutgoingCommand, 'body' | 'remark' | 'extFields'> {
  readonly languageCode: number
  readonly remark: string | null
  readonly extFields: ExtFields | null
  readonly bodyHex: string | null
}

export const ops = {
  /** Encodes the command, which must give Java's frame or, field order apart, the same one; decodes Java's frame. */
  frame: (input: Record<string, unknown>) => {
    const command = input['command'] as VectorCommand
    const javaFrame = readFrame(input['frameHex'])
    const ownFrame = encodeFrame({
      ...command,
      remark: command.remark ?? undefined,
      extFields: command.extFields ?? undefined,
      body: command.bodyHex === null ? undefined : Buffer.from(command.bodyHex, 'hex'),
    })
    const decoded = decodedFrame(javaFrame)
    expect(decodedFrame(ownFrame)).toEqual(decoded)
    return { decoded, byteExact: ownFrame.equals(javaFrame) }
  },

  /** Sends each field of a header as text through the codec and back; decodes Java's frame. */
  header: (input: Record<string, unknown>) => {
    const frame = readFrame(input['frameHex'])
    const serializeType: SerializeType = input['how'] === 'JSON' ? 'JSON' : 'ROCKETMQ'
    const extFields = textFields(input['fields'] as Record<string, unknown>)
    const command = { code: 1, language: 'JAVA', version: 1, opaque: 1, flag: input['oneway'] === true ? 2 : 0 }
    const own = decodeOwn({ ...command, extFields, serializeType })
    const empty = serializeType === 'JSON' ? '' : null
    expect({ ...own.extFields }).toEqual(mapValues(extFields, value => (value === '' ? empty : value)))
    return { decoded: decodedFrame(frame) }
  },

  decode: (input: Record<string, unknown>) => ({ decoded: decodedFrame(readFrame(input['frameHex'])) }),
}

export const checks = {
  /** `byteExact` false says that only the order of fields may differ from Java's, not that it must. */
  frame: (input: Record<string, unknown>, out: Record<string, unknown>) => {
    const { decoded, byteExact } = ops.frame(input)
    expect(decoded).toEqual(out['decoded'])
    if (out['byteExact'] === true) expect(byteExact).toBe(true)
  },
}

export const fields = {
  frame: { in: ['command', 'frameHex'], out: ['decoded', 'byteExact'] },
  header: { in: ['headerClass', 'fields', 'oneway', 'how', 'frameHex'], out: ['decoded'] },
  decode: { in: ['what', 'frameHex'], out: ['decoded'] },
}

function decodeOwn(command: OutgoingCommand): RemotingCommand {
  const frame = encodeFrame(command)
  return decodeFrame(frame, 4, frame.length)
}

function textFields(header: Record<string, unknown>): ExtFields {
  const present = Object.entries(header).filter(([, value]) => value !== null)
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]))
}

function mapValues(object: ExtFields, change: (value: string | null) => string | null): ExtFields {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
