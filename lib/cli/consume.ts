import { type Command, Option } from 'commander'
import { RocketMQError } from '../errors'
import { PushConsumer } from '../consumer/push/push-consumer'
import { systemClock } from '../runtime/clock'
import { onAbort } from '../runtime/on-abort'
import { decodeText } from '../wire/charset'
import { Complaints } from './complaints'
import { ConsumeReport } from './consume-report'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import { namesrvOption } from './namesrv-option'
import { type StartPoint, someText, startPoint, wholeNumber } from './option-values'
import { Screen } from './screen'

interface ConsumeOptions {
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

const EXAMPLES = `
With --json: a JSON line for each message, then { received, failed, seconds, perSecond }, also where it fails.
Without --count it runs until --timeout-ms or Ctrl-C, and that is its ordinary end.
Exit code: 0 done, 1 fewer messages than --count came in time or some could not be read, 2 wrong use,
130 or 143 interrupted before --count was reached. Messages that were printed are acknowledged.

Examples:
  $ rocketwire consume Orders --group billing --namesrv 127.0.0.1:9876
  $ rocketwire consume Orders --group audit --from first --count 100 --timeout-ms 10000 --json
  $ rocketwire consume Orders --group legacy --expression 'paid || refunded' --encoding gbk
  $ rocketwire consume Orders --group large --sql "amount > 100 AND region IN ('eu', 'us')"`

/** Adds `rocketwire consume`. */
export function addConsume(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('consume')
    .description('receive messages as a member of a consumer group and print them')
    .argument('<topic>', 'topic to receive from')
    .requiredOption('--group <group>', 'consumer group', someText)
    .addOption(namesrvOption())
    .option('--expression <tags>', "only messages of these tags, such as 'paid || refunded'", someText)
    .addOption(
      new Option('--sql <condition>', "only messages whose properties it is true of, such as 'amount > 100'")
        .argParser(someText)
        .conflicts('expression'),
    )
    .addOption(
      new Option('--ordered <how>', 'as they come, or those of each queue, or of each sharding key, strictly in order')
        .choices(['none', 'queue', 'key'])
        .default('none'),
    )
    .addOption(
      new Option('--model <model>', 'share the messages with the group, or get all of them')
        .choices(['clustering', 'broadcasting'])
        .default('clustering'),
    )
    .option('--from <where>', 'where a new group begins: first, last or a time (default: last)', startPoint)
    .option('--count <n>', 'end after this many messages', wholeNumber(1))
    .option('--timeout-ms <ms>', 'end after this time', wholeNumber(1))
    .option('--encoding <name>', 'encoding of the bodies, also base64 or hex', 'utf8')
    .option('--json', 'print JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(async (topic: string, options: ConsumeOptions) => finish(await consume(topic, options)))
}

async function consume(topic: string, options: ConsumeOptions): Promise<number> {
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
