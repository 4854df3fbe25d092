import { PushConsumer } from '../consumer/push/push-consumer'
import { RocketMQError } from '../errors'
import { systemClock } from '../runtime/clock'
import { onAbort } from '../runtime/on-abort'
import { decodeText } from '../wire/charset'
import { Complaints } from './complaints'
import { ConsumeReport } from './consume-report'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import type { StartPoint } from './option-values'
import { Screen } from './screen'

/** What was asked for. */
export interface ConsumeOptions {
  readonly namesrv: string
  readonly group: string
  readonly expression?: string
  readonly sql?: string
  readonly ordered: 'none' | 'queue' | 'key'
  readonly model: 'clustering' | 'broadcasting'
  readonly from?: StartPoint
  readonly count?: number
  readonly timeoutMs?: number
  readonly encoding: string
  readonly json?: true
}

/** Receives and prints; resolves with the exit code. */
export async function consume(topic: string, options: ConsumeOptions): Promise<number> {
  decodeText(Buffer.alloc(0), options.encoding)
  const interruption = new Interruption()
  const { signal } = interruption
  const screen = new Screen({ stream: process.stdout, onClosed: () => interruption.outputClosed() })
  const report = new ConsumeReport(screen, options)
  const consumer = createConsumer(topic, options, report)
  try {
    await consumer.start({ signal })
    if (!consumer.stats().queues.some(({ queue }) => queue.topic === topic)) console.error(nothingToRead(topic))
    screen.status(`waiting for messages of ${topic}, Ctrl-C ends`)
    const ended = await endOf(report, options, signal)
    // What is not written yet is not acknowledged.
    await report.settled()
    await shutdown(consumer, report.hasAll() || interruption.isOutputClosed)
    report.end()
    if (options.count === undefined || ended === 'count') return report.failed > 0 ? EXIT.failed : EXIT.done
    return interruption.exitCode ?? EXIT.failed
  } catch (error) {
    report.endEarly(interruption.exitCode === undefined ? error : undefined)
    if (interruption.exitCode !== undefined) return interruption.exitCode
    throw error
  }
}

function createConsumer(topic: string, options: ConsumeOptions, report: ConsumeReport): PushConsumer {
  const consumer = new PushConsumer({
    namesrvAddr: options.namesrv,
    consumerGroup: options.group,
    messageModel: options.model === 'broadcasting' ? 'BROADCASTING' : 'CLUSTERING',
    ...options.from,
  })
  consumer.subscribe(topic, options.sql === undefined ? options.expression : { sql92: options.sql })
  const { ordered } = options
  if (ordered === 'none') consumer.consumeEach(message => report.received(message))
  else consumer.consumeEach({ ordered }, message => report.received(message))
  const complaints = new Complaints()
  consumer.on('listenerError', error => report.failedWith(error))
  consumer.on('backgroundError', error => {
    if (error.code === 'MESSAGE_UNREADABLE') report.failedWith(error)
    else complaints.print(error)
  })
  return consumer
}

function nothingToRead(topic: string): string {
  const why = 'the topic does not exist, or other members of the group have all of its queues'
  return `rocketwire: nothing to read from ${topic} yet: ${why}. That is looked at again and again.`
}

/** Waits for the number of messages, the time or a signal, whichever is first. */
function endOf(
  report: ConsumeReport,
  { timeoutMs }: ConsumeOptions,
  signal: AbortSignal,
): Promise<'count' | 'time' | 'signal'> {
  return new Promise(resolve => {
    const end = (why: 'count' | 'time' | 'signal') => (): void => {
      timer?.cancel()
      resolve(why)
    }
    const timer = timeoutMs === undefined ? undefined : systemClock.after(timeoutMs, end('time'))
    onAbort(signal, end('signal'))
    if (signal.aborted) end('signal')()
    void report.complete.then(end('count'))
  })
}

/** Messages beyond the wanted number, or not written, are held by listeners that never end: nobody waits for these. */
async function shutdown(consumer: PushConsumer, holdsSome: boolean): Promise<void> {
  try {
    await consumer.shutdown(holdsSome ? { timeoutMs: 1 } : {})
  } catch (error) {
    if (!holdsSome || !RocketMQError.is(error) || error.code !== 'SHUTDOWN_INCOMPLETE') throw error
  }
}
