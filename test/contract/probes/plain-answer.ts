import Long from 'long'
import { responseCodeName } from '../../../lib/commands/response-code'
import { MAGIC, RECORD } from '../../../lib/wire/record-layout'
import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { PROPERTY_SEPARATOR } from '../../../lib/wire/properties'
import type { RemotingCommand } from '../../../lib/wire/remoting-command'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'

/** What the body of an answer is. */
export type BodyKind = 'json' | 'messages' | 'text'

/** An answer as rows describe it; what it does not have is left out. */
export interface PlainAnswer {
  readonly code: string
  readonly remark?: unknown
  readonly fields?: unknown
  readonly json?: unknown
  readonly messages?: unknown
  readonly text?: unknown
  /** A body where the row expects none. */
  readonly body?: unknown
}

const CONTEXT = { brokerName: '', offsetDelta: 0 }

/** The answer in a frame, its body read as what it should be. */
export function plainAnswer(frame: RemotingCommand, kind: BodyKind | undefined): PlainAnswer {
  const { code, remark, extFields, body } = frame
  return {
    code: responseCodeName(code) ?? String(code),
    ...(remark !== undefined && { remark }),
    ...(extFields !== undefined && { fields: { ...extFields } }),
    ...(body.length > 0 && plainBody(body, kind)),
  }
}

function plainBody(body: Buffer, kind: BodyKind | undefined): Partial<PlainAnswer> {
  switch (kind) {
    case 'json':
      return { json: plainJson(readFastjson(body)) }
    case 'messages':
      return { messages: plainMessages(body) }
    case 'text':
      return { text: body.toString() }
    case undefined:
      return { body: body.toString('latin1') }
  }
}

/** Maps with objects as keys become lists of pairs, in the order of the keys' text. */
function plainJson(value: unknown): unknown {
  if (value instanceof Map) {
    const pairs = Array.from(value, ([key, each]) => [plainJson(key), plainJson(each)])
    return pairs.sort(([a], [b]) => compareText(textOf(a), textOf(b)))
  }
  if (Array.isArray(value)) return value.map(plainJson)
  if (typeof value !== 'object' || value === null || Long.isLong(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainJson(each)]))
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The same text for equal objects, whatever the order of their fields. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
}

/** Stored records with all that they hold. */
function plainMessages(body: Buffer): unknown[] {
  const { messages } = decodeStoredMessages(body, CONTEXT)
  let start = 0
  return messages.map(message => {
    const record = body.subarray(start, (start += message.storeSize))
    return plainMessage(message, record)
  })
}

function plainMessage(message: StoredMessage, record: Buffer): unknown {
  return {
    isVersion1: record.readInt32BE(RECORD.MAGIC) === MAGIC.V1,
    topic: message.storedTopic,
    queueId: message.queueId,
    queueOffset: message.queueOffset,
    commitLogOffset: message.commitLogOffset,
    flag: message.flag,
    sysFlag: message.sysFlag,
    bornTimestamp: message.bornTimestamp,
    bornHost: message.bornHost,
    storeTimestamp: message.storeTimestamp,
    storeHost: message.storeHost,
    bodyCRC: message.bodyCRC,
    reconsumeTimes: message.reconsumeTimes,
    preparedTransactionOffset: message.preparedTransactionOffset,
    body: message.body.toString(),
    properties: { ...message.properties },
    endsWithSeparator: record.toString('latin1', record.length - 1) === PROPERTY_SEPARATOR,
  }
}
