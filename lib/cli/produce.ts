import { type Command, Option } from 'commander'
import { eachOutcome } from '../runtime/each-outcome'
import { systemClock } from '../runtime/clock'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import { checkBodySize, checkMessage, DEFAULT_MAX_MESSAGE_SIZE } from '../model/message-rules'
import { Producer } from '../producer/producer'
import { type BodyOptions, bodies, cut } from './bodies'
import { Complaints } from './complaints'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import { namesrvOption } from './namesrv-option'
import { gathered, property, someText, wholeNumber } from './option-values'
import { ProduceReport } from './produce-report'
import { Screen } from './screen'
import { SEND_MODES, type SendMode } from './send-modes'

interface ProduceOptions extends BodyOptions {
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

/** Messages of one batch of `--mode batch`. */
const BATCH = 32
const DEFAULT_CONCURRENCY = 16

const EXAMPLES = `
Without --body, --file and --size every line of standard input that is not empty is a message.
With --json: a JSON line for each result, then { sent, failed, seconds, perSecond }, also where it fails.
Exit code: 0 all sent, 1 something was not sent, 2 wrong use, 130 or 143 interrupted before the end.

Examples:
  $ rocketwire produce Orders --namesrv 127.0.0.1:9876 --body 'hello' --tag paid --key o-1
  $ tail -f orders.ndjson | rocketwire produce Orders --sharding-key tenant-7
  $ rocketwire produce Orders --size 1024 --count 100000 --mode async --concurrency 256 --json`

/** Adds `rocketwire produce`. */
export function addProduce(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('produce')
    .description('send messages: of the command line, of a file, or of standard input')
    .argument('<topic>', 'topic to send to')
    .addOption(namesrvOption())
    .addOption(new Option('--body <text>', 'text of the message').conflicts(['file', 'size']))
    .addOption(new Option('--file <path>', 'a file that is the body, byte for byte').conflicts(['body', 'size']))
    .addOption(
      new Option('--size <bytes>', 'generated bodies of this size')
        .argParser(wholeNumber(1))
        .conflicts(['body', 'file']),
    )
    .option('--count <n>', 'how many messages: default 1, of standard input all', wholeNumber(1))
    .option('--tag <tag>', 'the tag that consumers filter by', someText)
    .option('--key <key>', 'index key; may be given several times', gathered)
    .option('--property <name=value>', 'user property; may be given several times', property)
    .option('--sharding-key <key>', 'messages of one key go to the same queue, in order', someText)
    .option('--delay-level <level>', 'deliver later: 1 is 1 s … 18 is 2 h', wholeNumber(1))
    .addOption(
      new Option('--mode <mode>', `how to send; a batch holds up to ${BATCH} messages`)
        .choices(Object.keys(SEND_MODES))
        .default('send'),
    )
    .option(
      '--concurrency <n>',
      `sends that wait for their answer at a time (default: ${DEFAULT_CONCURRENCY}, with a sharding key 1)`,
      wholeNumber(1, 10_000),
    )
    .option('--json', 'print JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(async (topic: string, options: ProduceOptions, command: Command) => {
      if (options.mode === 'batch' && options.delayLevel !== undefined) {
        command.error("error: option '--delay-level <level>' cannot be used with '--mode batch'")
      }
      finish(await produce(topic, options))
    })
}

async function produce(topic: string, options: ProduceOptions): Promise<number> {
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
