import { type Command, Option } from 'commander'
import { namesrvOption } from './namesrv-option'
import { gathered, property, someText, wholeNumber } from './option-values'
import type * as RunProduce from './run-produce'
import type { ProduceOptions } from './run-produce'
import { BATCH, DEFAULT_CONCURRENCY, SEND_MODES } from './send-modes'

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
      const { produce } = require('./run-produce') as typeof RunProduce
      finish(await produce(topic, options))
    })
}
