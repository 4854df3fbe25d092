import type { Command } from 'commander'
import type * as RunQuickstart from './run-quickstart'

/** Adds `rocketwire quickstart`. */
export function addQuickstart(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('quickstart')
    .description('send and receive messages on an emulated RocketMQ inside this process, and print the script for it')
    .action(async () => {
      const { quickstart } = require('./run-quickstart') as typeof RunQuickstart
      finish(await quickstart())
    })
}
