import { Command } from 'commander'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addConsume } from './consume'
import { addEmulator } from './emulator'
import { addProduce } from './produce'
import { addQuickstart } from './quickstart'

const HELP = `
Exit code: 0 done, 1 failed, 2 wrong use. NAMESRV_ADDR stands in for --namesrv.

Examples:
  $ rocketwire quickstart
  $ rocketwire emulator --port 9876 --topic Orders
  $ rocketwire produce Orders --namesrv 127.0.0.1:9876 --body hello
  $ rocketwire consume Orders --namesrv 127.0.0.1:9876 --group billing --from first --count 1`

/**
 * The command line with all its verbs. What a verb does is loaded when it runs, with the library: `--help` needs none of it.
 * `finish` gets the exit code of the verb that ran.
 */
export function createProgram(finish: (exitCode: number) => void): Command {
  const program = new Command('rocketwire')
    .description('Apache RocketMQ from the command line, and an emulated one to try it with')
    .version(packageVersion())
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('Add --help for the options.')
    .addHelpText('after', HELP)
  for (const add of [addQuickstart, addEmulator, addProduce, addConsume]) add(program, finish)
  return program
}

/** The package's description lies somewhere above this code, be it `dist/cli.js` or run from the sources. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFileAbove(__dirname), 'utf8')) as { version: string }
  return version
}

function packageFileAbove(folder: string): string {
  const path = join(folder, 'package.json')
  return existsSync(path) || folder === dirname(folder) ? path : packageFileAbove(dirname(folder))
}
