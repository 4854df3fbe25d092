import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import type * as FrameDecoderFile from '../../../lib/wire/frame-decoder'
import type * as FrameWriterFile from '../../../lib/wire/frame-writer'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { encodeProperties } from '../../../lib/wire/properties'
import type { OutgoingCommand, SerializeType } from '../../../lib/wire/remoting-command'
import { sendHeader } from '../../drivers/send-header'
import type { Measurable, MeasuredBuild, OpenCase, Subject } from '../micro-case'
import { BODY, PROPERTIES } from '../samples'

/** Frames of one turn of the event loop. */
const FRAMES = 32

function sendRequest(serializeType: SerializeType): OutgoingCommand {
  const header = sendHeader({ topic: 'BenchTopic', queueId: 3, properties: encodeProperties(PROPERTIES) })
  const extFields = SEND_MESSAGE_V2.requestHeader.encode(header)
  const marks = { language: 'OTHER', version: 477, opaque: 123_456, flag: 0, serializeType } as const
  return { code: SEND_MESSAGE_V2.code, ...marks, extFields, body: BODY }
}

function sendReply(serializeType: SerializeType): OutgoingCommand {
  const extFields = SEND_MESSAGE_V2.responseHeader.encode({
    msgId: '0A00000800002A9F000000012A05F200',
    queueId: 3,
    queueOffset: 1_000_000,
    MSG_REGION: 'DefaultRegion',
    TRACE_ON: 'true',
  })
  return { code: 0, language: 'JAVA', version: 477, opaque: 123_456, flag: 1, serializeType, extFields }
}

/** As a socket tells of a busy turn: many frames in one chunk. */
function decoding(build: MeasuredBuild, command: OutgoingCommand): Measurable {
  const { FrameDecoder } = build.load<typeof FrameDecoderFile>('wire/frame-decoder')
  const frame = encodeFrame(command)
  const chunk = Buffer.concat(new Array<Buffer>(FRAMES).fill(frame))
  let last: unknown
  const decoder = new FrameDecoder(decoded => (last = decoded))
  const run = (): unknown => {
    decoder.push(chunk)
    return last
  }
  return { ops: FRAMES, bytes: frame.length, run }
}

function encoding(build: MeasuredBuild, command: OutgoingCommand): Measurable {
  const { FrameWriter } = build.load<typeof FrameWriterFile>('wire/frame-writer')
  const writer = new FrameWriter()
  const run = (): unknown => {
    for (let i = 0; i < FRAMES; i++) writer.write(command)
    return writer.take()
  }
  return { ops: FRAMES, bytes: encodeFrame(command).length, run }
}

const TYPES: readonly SerializeType[] = ['JSON', 'ROCKETMQ']

/** Frames as bytes, in both forms of their header. */
export const frames: Subject = Object.fromEntries(
  TYPES.flatMap((type): [string, OpenCase][] => [
    [`write a send of 1 KiB, ${type}`, build => encoding(build, sendRequest(type))],
    [`read a send of 1 KiB, ${type}`, build => decoding(build, sendRequest(type))],
    [`read an answer to a send, ${type}`, build => decoding(build, sendReply(type))],
  ]),
)
