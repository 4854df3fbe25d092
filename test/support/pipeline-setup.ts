import type { Message } from '../../lib/model/message'
import type { SendResult } from '../../lib/model/results'
import { SendPipeline } from '../../lib/producer/send-pipeline'
import { type CompressionType } from '../../lib/model/sys-flag'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { InFlightLimit } from '../../lib/sending/in-flight-limit'
import type { TokenRate } from '../../lib/runtime/token-bucket'
import type { PreparedMessage } from '../../lib/sending/prepared-message'
import type { SendOptions } from '../../lib/sending/send-options'
import type { AutoBatchSettings } from '../../lib/sending/auto-batcher'
import type { SendCallback } from '../../lib/sending/sender'
import { UniqueIds } from '../../lib/wire/unique-id'

/** What a pipeline gave to its sender. */
export interface Sent {
  readonly form: 'send' | 'sendAsync' | 'sendOneway'
  readonly prepared: PreparedMessage
  readonly options: SendOptions
  /** Answers the send. */
  readonly answer: SendCallback
}

interface Bounds {
  readonly maxInFlight?: number
  readonly maxInFlightBytes?: number
  readonly maxMessageSize?: number
  readonly compressType?: CompressionType
  readonly autoBatch?: AutoBatchSettings
  readonly rate?: TokenRate
}

/** A pipeline whose sender keeps what it gets until the test answers it. */
export function setupPipeline({
  maxInFlight = 100,
  maxInFlightBytes = 1e6,
  maxMessageSize = 10_000,
  compressType = 'ZLIB',
  autoBatch,
  rate,
}: Bounds = {}) {
  const clock = new ManualClock()
  const sent: Sent[] = []
  const inFlight = new InFlightLimit({ maxMessages: maxInFlight, maxBytes: maxInFlightBytes, rate }, clock)
  const keep = (form: Sent['form'], prepared: PreparedMessage, options: SendOptions): Promise<SendResult> =>
    new Promise((resolve, reject) => {
      const answer: SendCallback = (error, result) => (error ? reject(error) : resolve(result as SendResult))
      sent.push({ form, prepared, options, answer })
    })
  const pipeline = new SendPipeline({
    inFlight,
    clock,
    autoBatch,
    router: { wantedQueue: (_message, { queue }) => (queue?.brokerName === 'unknown' ? 'UNKNOWN' : queue) },
    sendTimeoutMs: 3000,
    compressMsgBodyOverHowmuch: 1000,
    compressType,
    compressLevel: 5,
    maxMessageSize,
    uniqueIds: new UniqueIds(),
    sender: {
      now: () => clock.monotonic(),
      send: (prepared, options, settled) => keep('send', prepared, options).finally(settled),
      sendAsync: (prepared, options, answer) => sent.push({ form: 'sendAsync', prepared, options, answer }),
      sendOneway: async (prepared, options) => void (await keep('sendOneway', prepared, options)),
    },
  })
  return { clock, sent, inFlight, pipeline }
}

/** An answer that a broker might give. */
export function resultOf({ prepared }: Sent): SendResult {
  const messageQueue = { topic: prepared.topic, brokerName: 'b', queueId: 0 }
  const { msgId } = prepared
  return { sendStatus: 'SEND_OK', msgId, offsetMsgId: 'o', messageQueue, queueOffset: 0, regionId: 'R', traceOn: true }
}

export const SMALL: Message = { topic: 'T', body: 'small' }
export const LARGE: Message = { topic: 'T', body: Buffer.alloc(1000, 'x') }
