/** From a program of the benchmark to its parent: what it has to tell, or that it failed. */
export type Report<T> = { readonly told: T } | { readonly failed: string }

/**
 * The child's end of a `ChildProgram`: `open` gets what the parent gave, and what it resolves with is told to the parent,
 * together with a handler for what the parent asks later. The process ends when the parent lets go of it.
 */
export function runProgram<Setup, Told, Asked, Answer>(
  open: (setup: Setup) => Promise<{ told: Told; answer: (asked: Asked) => Promise<Answer> }>,
): void {
  const report = (message: Report<Told | Answer>): void => void process.send?.(message)
  const fail = (error: unknown): void => report({ failed: error instanceof Error ? `${error.stack}` : String(error) })
  const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
  process.on('disconnect', () => process.exit(0))
  process.on('unhandledRejection', fail)
  open(setup).then(({ told, answer }) => {
    process.on('message', (asked: Asked) => {
      answer(asked).then(each => report({ told: each }), fail)
    })
    report({ told })
  }, fail)
}
