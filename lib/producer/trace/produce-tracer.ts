import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { Message } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { joinKeys } from '../../model/message-properties'
import type { SendResult } from '../../model/results'
import { SYS_FLAG, transactionValue } from '../../model/sys-flag'
import {
  DEFAULT_REGION,
  type EndTransactionTrace,
  type PubTrace,
  type RecallTrace,
  type TraceMessageType,
} from '../../model/trace'
import type { Clock } from '../../runtime/clock'
import { type PreparedMessage, encodeBody } from '../../sending/prepared-message'
import { type TraceStats, type TraceWriter, createTraceWriter } from '../../sending/trace-writer'

export interface ProduceTracerOptions {
  readonly writer: Pick<TraceWriter, 'append' | 'stop' | 'stats' | 'topics'>
  readonly producerGroup: string
  /** Where traces go; messages sent there are not traced. */
  readonly traceTopic: string
  readonly clock: Clock
  /** Of the master of the broker that has a queue. */
  readonly addressOf: (queue: MessageQueue) => string | undefined
}

/** A producer whose doings may be traced. */
export interface TracedProducer {
  readonly producerGroup: string
  /** Undefined where nothing is traced. */
  readonly traceTopic: string | undefined
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** How a send ended: with a result, or by an error. */
export interface SendEnd {
  readonly result?: SendResult
  readonly error?: unknown
}

/** What is traced of the end of a transaction. */
export type TracedEnd = Omit<EndTransactionTrace, 'type' | 'timestamp' | 'group' | 'msgType'>

/** What is traced of a recall. */
export type TracedRecall = Pick<RecallTrace, 'topic' | 'msgId' | 'success'> & { readonly regionId: string | undefined }

/** What was traced last is sent within this time. */
const FLUSH_MS = 5000

/** Undefined where nothing is traced. */
export function createProduceTracer(client: ClientInstance, producer: TracedProducer): ProduceTracer | undefined {
  const { traceTopic, producerGroup, onBackgroundError } = producer
  if (traceTopic === undefined) return undefined
  const writer = createTraceWriter(client, {
    group: producerGroup,
    kind: 'PRODUCE',
    topic: traceTopic,
    onBackgroundError,
  })
  const addressOf = (queue: MessageQueue): string | undefined => {
    const address = client.routes.masterAddress(client.routes.hostOf(queue))
    return address === undefined ? undefined : client.vipAddress(address)
  }
  return new ProduceTracer({ writer, producerGroup, traceTopic, clock: client.clock, addressOf })
}

/** Traces what a producer does (Java `SendMessageTraceHookImpl`, `EndTransactionTraceHookImpl`, `DefaultRecallMessageTraceHook`). */
export class ProduceTracer {
  readonly #options: ProduceTracerOptions

  constructor(options: ProduceTracerOptions) {
    this.#options = options
  }

  get stats(): TraceStats {
    return this.#options.writer.stats
  }

  /** Topics whose routes it needs. */
  get topics(): Iterable<string> {
    return this.#options.writer.topics
  }

  /** A message is about to be sent; tell the returned function how that has ended. Undefined where it is not traced. */
  begin(prepared: PreparedMessage): ((end: SendEnd) => void) | undefined {
    const { writer, clock, traceTopic } = this.#options
    if (prepared.topic === traceTopic) return undefined
    const timestamp = clock.now()
    const beganAt = clock.monotonic()
    return end => {
      // The broker may have switched it off.
      if (end.result?.traceOn === false) return
      const costMs = Math.round(clock.monotonic() - beganAt)
      writer.append(prepared.topic, this.#published(prepared, end, { timestamp, costMs }))
    }
  }

  /** The broker is about to be told how a transaction has ended. */
  ended(end: TracedEnd): void {
    this.#append({ type: 'EndTransaction', ...end, msgType: 'Trans_msg_Commit', ...this.#head() })
  }

  /** A timer message was called back, or could not be. */
  recalled({ regionId = DEFAULT_REGION, ...recall }: TracedRecall): void {
    this.#append({ type: 'Recall', ...recall, regionId, keys: undefined, ...this.#head() })
  }

  /** Sends what waits, for a while, and then no more. Never rejects. */
  stop(timeoutMs: number): Promise<void> {
    return this.#options.writer.stop(Math.min(timeoutMs, FLUSH_MS))
  }

  #head(): { timestamp: number; group: string } {
    return { timestamp: this.#options.clock.now(), group: this.#options.producerGroup }
  }

  #append(trace: EndTransactionTrace | RecallTrace): void {
    const { writer, traceTopic } = this.#options
    if (trace.topic !== traceTopic) writer.append(trace.topic, [trace])
  }

  /** One for each message of a batch, so that each is found by its id; Java writes one for all of them. */
  #published(prepared: PreparedMessage, end: SendEnd, when: { timestamp: number; costMs: number }): PubTrace[] {
    const { result } = end
    const { topic, message, messages = [message], body } = prepared
    const common = {
      type: 'Pub',
      ...when,
      regionId: result?.regionId ?? DEFAULT_REGION,
      group: this.#options.producerGroup,
      topic,
      storeHost: this.#storeHost(topic, end),
      msgType: messageType(prepared),
      success: result?.sendStatus === 'SEND_OK',
    } as const
    const ids = prepared.msgId.split(',')
    const offsetIds = result?.offsetMsgId.split(',') ?? []
    return messages.map((each, index) => ({
      ...common,
      msgId: ids[index] ?? prepared.msgId,
      tags: textOf(each.tags),
      keys: textOf(each.keys === undefined ? undefined : joinKeys(each.keys)),
      bodyLength: messages.length === 1 && !prepared.isBatch ? body.length : encodeBody(each).length,
      offsetMsgId: offsetIds[index] ?? result?.offsetMsgId,
    }))
  }

  /** Of a send that failed: of the broker that was tried last. */
  #storeHost(topic: string, { result, error }: SendEnd): string {
    const tried = RocketMQError.is(error) ? error.brokersTried?.at(-1) : undefined
    const queue = result?.messageQueue ?? { topic, brokerName: tried ?? '', queueId: 0 }
    return this.#options.addressOf(queue) ?? ''
  }
}

function messageType({ sysFlag, message, isTimer }: PreparedMessage): TraceMessageType {
  if (transactionValue(sysFlag) === SYS_FLAG.TRANSACTION_PREPARED) return 'Trans_Msg_Half'
  return isTimer || isDelayed(message) ? 'Delay_Msg' : 'Normal_Msg'
}

function isDelayed({ delayTimeLevel = 0 }: Message): boolean {
  return delayTimeLevel > 0
}

function textOf(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
