#!/usr/bin/env node
import { CommanderError } from 'commander'
import { describeError } from './describe-error'
import { EXIT, exitCodeOf } from './exit-code'
import { createProgram } from './program'

/** Output that cannot be written, as on a full disk, is a failure whatever else was done; a reader that has gone is none. */
let isOutputLost = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || isOutputLost) return
  isOutputLost = true
  finish(EXIT.failed)
  console.error(`rocketwire: the output cannot be written: ${error.message}`)
})
// There is nowhere to tell of it.
process.stderr.on('error', () => undefined)

function finish(exitCode: number): void {
  process.exitCode = isOutputLost ? EXIT.failed : exitCode
}

createProgram(finish)
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has said by itself what is wrong.
    if (!(error instanceof CommanderError)) console.error(`rocketwire: ${describeError(error)}`)
    finish(exitCodeOf(error))
  })
