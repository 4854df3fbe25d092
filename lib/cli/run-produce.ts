import type { Message } from '../model/message'
import { checkBodySize, checkMessage, DEFAULT_MAX_MESSAGE_SIZE } from '../model/message-rules'
import type { SendResult } from '../model/results'
import { Producer } from '../producer/producer'
import { systemClock } from '../runtime/clock'
import { eachOutcome } from '../runtime/each-outcome'
import { type BodyOptions, bodies, cut } from './bodies'
import { Complaints } from './complaints'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import { ProduceReport } from './produce-report'
import { Screen } from './screen'
import { BATCH, DEFAULT_CONCURRENCY, SEND_MODES, type SendMode } from './send-modes'

/** What was asked for. */
export interface ProduceOptions extends BodyOptions {
  readonly namesrv: string
  readonly tag?: string
  readonly key?: readonly string[]
  readonly property?: Readonly<Record<string, string>>
  readonly shardingKey?: string
  readonly delayLevel?: number
  readonly mode: SendMode
  readonly concurrency?: number
  readonly json?: true
}

/** Sends and prints; resolves with the exit code. */
export async function produce(topic: string, options: ProduceOptions): Promise<number> {
  const body = Buffer.from(options.body ?? 'any')
  checkMessage(messageOf(topic, body, options))
  checkBodySize(topic, options.size ?? body.length, DEFAULT_MAX_MESSAGE_SIZE)
  const interruption = new Interruption()
  const { signal } = interruption
  const screen = new Screen({ stream: process.stdout, onClosed: () => interruption.outputClosed() })
  const producer = new Producer({ namesrvAddr: options.namesrv, producerGroup: 'rocketwire-produce' })
  producer.on('backgroundError', new Complaints().print)
  const report = new ProduceReport(screen, { json: options.json === true, clock: systemClock })
  try {
    await producer.start({ signal })
    report.begin()
    try {
      await sendAll(producer, { topic, options, report, signal })
    } finally {
      await producer.shutdown()
    }
    report.end()
    return interruption.exitCode ?? (report.failed > 0 ? EXIT.failed : EXIT.done)
  } catch (error) {
    report.endEarly(interruption.exitCode === undefined ? error : undefined)
    if (interruption.exitCode !== undefined) return interruption.exitCode
    throw error
  }
}

interface Work {
  readonly topic: string
  readonly options: ProduceOptions
  readonly report: ProduceReport
  readonly signal: AbortSignal
}

async function sendAll(producer: Producer, { topic, options, report, signal }: Work): Promise<void> {
  const { mode, shardingKey } = options
  const send = SEND_MODES[mode]
  const sendOptions = shardingKey === undefined ? {} : { shardingKey }
  const concurrency = options.concurrency ?? (shardingKey === undefined ? DEFAULT_CONCURRENCY : 1)
  const units = cut(bodies(options, signal), mode === 'batch' ? BATCH : 1)
  const work = async (unit: readonly Buffer[]): Promise<SendResult | undefined> => {
    const messages = unit.map(body => messageOf(topic, body, options))
    return send(producer, messages, sendOptions)
  }
  for await (const { item, value, error } of eachOutcome(units, { limit: concurrency, work, signal })) {
    if (error === undefined) report.sent(item.length, value)
    else report.notSent(item.length, error)
    await report.room()
  }
}

function messageOf(
  topic: string,
  body: Buffer,
  { tag, key, property: properties, delayLevel }: ProduceOptions,
): Message {
  return {
    topic,
    body,
    ...(tag === undefined ? {} : { tags: tag }),
    ...(key === undefined ? {} : { keys: key }),
    ...(properties === undefined ? {} : { properties }),
    ...(delayLevel === undefined ? {} : { delayTimeLevel: delayLevel }),
  }
}
