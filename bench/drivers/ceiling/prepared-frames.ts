import { SEND_BATCH_MESSAGE, SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { propertiesText } from '../../../lib/sending/prepared-message'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { UniqueIds } from '../../../lib/wire/unique-id'
import type { DriverSetup } from '../rounds'
import { sampleMessage } from '../sample-message'
import { sendHeader } from '../send-header'

const UNIQUE_IDS = new UniqueIds()
/** A batch has no properties of its own but this one. */
const BATCH_PROPERTIES = 'WAIT\u0001true\u0002'

/** Whole requests to send a message, or a batch: one for each queue and sharding key. */
export function preparedFrames({ topic, queues, batch, shardingKeys }: DriverSetup): Buffer[] {
  return Array.from({ length: queues * Math.max(1, shardingKeys) }, (_, n) => {
    const message = shardingKeys === 0 ? sampleMessage(topic) : { ...sampleMessage(topic), shardingKey: `key-${n}` }
    const properties = (): string => propertiesText(message, UNIQUE_IDS.next())
    const { body } = message
    if (batch === 1) return frame({ topic, queueId: n % queues, properties: properties(), body, isBatch: false })
    const entries = Array.from({ length: batch }, () => ({ flag: 0, body, properties: properties() }))
    const bodies = encodeBatchBody(entries)
    return frame({ topic, queueId: n % queues, properties: BATCH_PROPERTIES, body: bodies, isBatch: true })
  })
}

interface FrameParts {
  readonly topic: string
  readonly queueId: number
  readonly properties: string
  readonly body: Buffer
  readonly isBatch: boolean
}

function frame({ topic, queueId, properties, body, isBatch }: FrameParts): Buffer {
  const { code, requestHeader } = isBatch ? SEND_BATCH_MESSAGE : SEND_MESSAGE_V2
  const extFields = requestHeader.encode(sendHeader({ topic, queueId, properties, isBatch }))
  const marks = { language: 'OTHER', version: 477, opaque: 1, flag: 0, serializeType: 'JSON' } as const
  return encodeFrame({ code, ...marks, extFields, body })
}
