import { type Command, Option } from 'commander'
import { someText, topicQueues, wholeNumber } from './option-values'
import type * as RunEmulator from './run-emulator'
import type { EmulatorCliOptions } from './run-emulator'

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
    .action(async (options: EmulatorCliOptions) => {
      const { runEmulator } = require('./run-emulator') as typeof RunEmulator
      finish(await runEmulator(options))
    })
}
