import { type Command, Option } from 'commander'
import { namesrvOption } from './namesrv-option'
import { someText, startPoint, wholeNumber } from './option-values'
import type * as RunConsume from './run-consume'
import type { ConsumeOptions } from './run-consume'

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
    .action(async (topic: string, options: ConsumeOptions) => {
      const { consume } = require('./run-consume') as typeof RunConsume
      finish(await consume(topic, options))
    })
}
