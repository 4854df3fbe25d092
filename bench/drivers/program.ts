import { createInterface } from 'node:readline'
import { REPORT_MARK } from '../report-mark'

/** From a program of the benchmark to its parent: what it has to tell, or that it failed. */
export type Report<T> = { readonly told: T } | { readonly failed: string }

/**
 * The child's end of a `ChildProgram`: `open` gets what the parent gave, and what it resolves with is told to the parent,
 * together with a handler for what the parent asks later. The process ends when the parent lets go of it.
 */
export function runProgram<Setup, Told, Asked, Answer>(
  open: (setup: Setup) => Promise<{ told: Told; answer: (asked: Asked) => Promise<Answer> }>,
): void {
  const report = (message: Report<Told | Answer>): void => {
    process.stdout.write(`${REPORT_MARK}${JSON.stringify(message)}\n`)
  }
  const fail = (error: unknown): void => report({ failed: error instanceof Error ? `${error.stack}` : String(error) })
  const setup = JSON.parse(process.argv.at(-1) ?? '{}') as Setup
  process.on('unhandledRejection', fail)
  const input = createInterface(process.stdin).on('close', () => process.exit(0))
  open(setup).then(({ told, answer }) => {
    input.on('line', line => {
      answer(JSON.parse(line) as Asked).then(each => report({ told: each }), fail)
    })
    report({ told })
  }, fail)
}
