import type { HeaderCodec, Schema } from '../../../lib/commands/field'
import { COMMANDS } from '../../../lib/commands/index'
import { RocketMQError } from '../../../lib/errors'
import { decodeFrame } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { ExtFields, OutgoingCommand, RemotingCommand, SerializeType } from '../../../lib/wire/remoting-command'
import { decodeWholeFrame, decodedFrame, readFrame } from '../plain-frame'

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

  /** Sends each field of a header as text through the codec and back; decodes Java's frame, by the row where there is one. */
  header: (input: Record<string, unknown>) => {
    const frame = readFrame(input['frameHex'])
    const codec = CODECS[String(input['headerClass'])]
    if (codec !== undefined) checkTyped(codec, decodeWholeFrame(frame).extFields ?? {})
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

/** The rows of Java's header classes; the others have none yet. */
const CODECS: Readonly<Record<string, HeaderCodec<Schema>>> = {
  SendMessageRequestHeader: COMMANDS.SEND_MESSAGE.requestHeader,
  SendMessageRequestHeaderV2: COMMANDS.SEND_MESSAGE_V2.requestHeader,
  SendMessageResponseHeader: COMMANDS.SEND_MESSAGE.responseHeader,
  PullMessageRequestHeader: COMMANDS.PULL_MESSAGE.requestHeader,
  PullMessageResponseHeader: COMMANDS.PULL_MESSAGE.responseHeader,
  'namesrv.GetRouteInfoRequestHeader': COMMANDS.GET_ROUTEINFO_BY_TOPIC.requestHeader,
  ConsumerSendMsgBackRequestHeader: COMMANDS.CONSUMER_SEND_MSG_BACK.requestHeader,
  GetConsumerListByGroupRequestHeader: COMMANDS.GET_CONSUMER_LIST_BY_GROUP.requestHeader,
  NotifyConsumerIdsChangedRequestHeader: COMMANDS.NOTIFY_CONSUMER_IDS_CHANGED.requestHeader,
  UnregisterClientRequestHeader: COMMANDS.UNREGISTER_CLIENT.requestHeader,
  GetMaxOffsetRequestHeader: COMMANDS.GET_MAX_OFFSET.requestHeader,
  GetMinOffsetRequestHeader: COMMANDS.GET_MIN_OFFSET.requestHeader,
  SearchOffsetRequestHeader: COMMANDS.SEARCH_OFFSET_BY_TIMESTAMP.requestHeader,
  ViewMessageRequestHeader: COMMANDS.VIEW_MESSAGE_BY_ID.requestHeader,
  QueryMessageRequestHeader: COMMANDS.QUERY_MESSAGE.requestHeader,
  CreateTopicRequestHeader: COMMANDS.UPDATE_AND_CREATE_TOPIC.requestHeader,
  GetConsumerRunningInfoRequestHeader: COMMANDS.GET_CONSUMER_RUNNING_INFO.requestHeader,
  ConsumeMessageDirectlyResultRequestHeader: COMMANDS.CONSUME_MESSAGE_DIRECTLY.requestHeader,
}

/** The short header has a broker name of its own; Java's long form of it, which nobody reads, can stand beside. */
const NOT_IN_ROWS: ReadonlySet<string> = new Set(['bname'])

/**
 * Reads Java's fields by a row and writes them again, which must give the same. What a row cannot read must be said by name:
 * a required field that is not there, or an integer that no number can hold.
 */
function checkTyped(codec: HeaderCodec<Schema>, fields: ExtFields): void {
  const isUnsafe = (text: string | null): boolean =>
    text !== null && /^-?\d{16,19}$/.test(text) && !Number.isSafeInteger(Number(text))
  let written: ExtFields
  try {
    written = codec.encode(codec.decode(fields))
  } catch (error) {
    if (!RocketMQError.is(error)) throw error
    if (error.code === 'UNSAFE_INTEGER') expect(Object.values(fields).some(isUnsafe)).toBe(true)
    else expect(fields[/required field (\w+)$/.exec(error.message)?.[1] ?? error.message] ?? null).toBeNull()
    return
  }
  for (const [name, text] of Object.entries(fields)) {
    if (isUnsafe(text)) expect(written[name]).toBe(String(Number.MAX_SAFE_INTEGER))
    else if (text !== null && !(NOT_IN_ROWS.has(name) && !(name in written)))
      expect([name, written[name]]).toEqual([name, text])
  }
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(written)))
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
