/** The command was not understood, or asks for what is not there. */
export class WrongUse extends Error {}

/** A command of the benchmarks. */
interface Script<Options> {
  readonly usage: string
  /** Reads the command line; throws an error that says what is wrong with it. */
  readonly read: (args: readonly string[]) => Options
  /** Resolves with the exit code. The signal is aborted where it is to end. */
  readonly run: (options: Options, signal: AbortSignal) => number | Promise<number>
}

/** Runs a command and ends the process: with what `run` returns, with 1 where that fails, with 2 on wrong use. */
export function runScript<Options>(script: Script<Options>): void {
  void main(script, process.argv.slice(2)).then(
    code => process.exit(code),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}

/** Prints a line; returns 0, the exit code of who has nothing more to say. */
export function say(line: string): number {
  console.log(line)
  return 0
}

async function main<Options>({ usage, read, run }: Script<Options>, args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return say(usage)
  let options: Options
  try {
    options = read(args)
  } catch (error) {
    return refuse(error, usage)
  }
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)))
  }
  try {
    return await run(options, interrupted.signal)
  } catch (error) {
    if (error instanceof WrongUse) return refuse(error, usage)
    throw error
  }
}

function refuse(error: unknown, usage: string): number {
  say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  return 2
}
