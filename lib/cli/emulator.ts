import { type Command, Option } from 'commander'
import { type EmulatedBroker, Emulator } from '../emulator/emulator'
import type { EmulatedVersion } from '../emulator/generation'
import { onAbort } from '../runtime/on-abort'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import { someText, topicQueues, wholeNumber } from './option-values'
import { Screen } from './screen'
import { table } from './table'

interface EmulatorCliOptions {
  readonly port?: number
  readonly host?: string
  readonly brokers?: number
  readonly topic?: Readonly<Record<string, number>>
  readonly versionOf?: EmulatedVersion
  readonly autoCreate: boolean
  readonly allowProduction?: true
}

const EXAMPLES = `
The first line of the output is the address of the name server. Messages are in memory and gone at the end.
Ctrl-C ends it, with exit code 0; 2 is wrong use, such as a port that is taken.

Examples:
  $ rocketwire emulator --port 9876 --topic Orders:8
  $ rocketwire emulator --brokers 2 --version-of 4.9`

/** Adds `rocketwire emulator`. */
export function addEmulator(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('emulator')
    .description('run an emulated RocketMQ, for development and tests, until it is interrupted')
    .option('--port <port>', 'port of the name server (default: any free one)', wholeNumber(0, 65_535))
    .option('--host <host>', 'interface to listen on (default: 127.0.0.1)', someText)
    .option('--brokers <n>', 'how many brokers (default: 1)', wholeNumber(1, 64))
    .option(
      '--topic <name[:queues]>',
      'a topic, and its queues on each broker; may be given several times',
      topicQueues,
    )
    .addOption(
      new Option('--version-of <version>', 'generation of RocketMQ to behave as (default: 5)').choices(['4.9', '5']),
    )
    .option('--no-auto-create', 'sends to an unknown topic fail')
    .option('--allow-production', 'start with NODE_ENV=production too')
    .addHelpText('after', EXAMPLES)
    .action(async (options: EmulatorCliOptions) => finish(await runEmulator(options)))
}

async function runEmulator(options: EmulatorCliOptions): Promise<number> {
  const { port, host, brokers, topic, versionOf, autoCreate, allowProduction } = options
  const interruption = new Interruption()
  const emulator = await Emulator.start({
    autoCreateTopic: autoCreate,
    ...(port === undefined ? {} : { nameServerPort: port }),
    ...(host === undefined ? {} : { host }),
    ...(brokers === undefined ? {} : { brokers }),
    ...(topic === undefined ? {} : { topics: topic }),
    ...(versionOf === undefined ? {} : { version: versionOf }),
    ...(allowProduction === undefined ? {} : { allowProduction }),
  })
  const screen = new Screen({ stream: process.stdout, onClosed: () => interruption.outputClosed() })
  screen.line(emulator.namesrvAddr)
  screen.line(describe(emulator.brokers, topic ?? {}))
  await aborted(interruption.signal)
  await emulator.shutdown()
  return EXIT.done
}

function describe(brokers: readonly EmulatedBroker[], topics: Readonly<Record<string, number>>): string {
  const parts = [
    table(
      ['Broker', 'Address'],
      brokers.map(({ name, address }) => [name, address]),
    ),
  ]
  if (Object.keys(topics).length > 0) parts.push(table(['Topic', 'Queues on each broker'], Object.entries(topics)))
  parts.push('Ctrl-C ends the emulator.')
  return parts.join('\n')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => onAbort(signal, resolve))
}
