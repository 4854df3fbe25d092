#!/usr/bin/env node
import { CommanderError } from 'commander'
import { describeError } from './describe-error'
import { exitCodeOf } from './exit-code'
import { createProgram } from './program'

createProgram(exitCode => (process.exitCode = exitCode))
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has said by itself what is wrong.
    if (!(error instanceof CommanderError)) console.error(`rocketwire: ${describeError(error)}`)
    process.exitCode = exitCodeOf(error)
  })
