import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './package-root'

const FOLDER = join(packageRoot(), 'examples')
/** Examples that are tests by themselves; jest runs them. */
const IS_TEST = /\.test\.ts$/
const TIMEOUT_MS = 60_000

interface ExampleRun {
  readonly failure: string | undefined
  readonly output: string
}

/** Names of the examples that print lines. */
export function exampleNames(): string[] {
  return namesIn(FOLDER, '.ts').filter(name => !IS_TEST.test(`${name}.ts`))
}

/**
 * Declares a test for each example but those left out: it prints the lines that are kept beside it. All run at once, as
 * they mostly wait.
 */
export function describeExamples(
  title: string,
  env: Readonly<Record<string, string | undefined>>,
  leftOut: readonly string[] = [],
): void {
  const names = exampleNames().filter(name => !leftOut.includes(name))
  describe(title, () => {
    const runs = new Map<string, Promise<ExampleRun>>()
    beforeAll(() => {
      for (const name of names) runs.set(name, runExample(name, env))
    })

    it.each(names)(
      '%s prints what is expected, and ends',
      async name => {
        const { failure, output } = (await runs.get(name)) ?? { failure: 'it did not run', output: '' }
        expect(failure).toBeUndefined()
        expect(output).toBe(readFileSync(join(FOLDER, 'expected', `${name}.txt`), 'utf8'))
      },
      TIMEOUT_MS,
    )

    it('has the expected lines of each, and of no others', () => {
      expect(namesIn(join(FOLDER, 'expected'), '.txt')).toEqual(exampleNames())
    })
  })
}

function namesIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith(extension))
    .map(file => file.slice(0, -extension.length))
    .sort()
}

function runExample(name: string, env: Readonly<Record<string, string | undefined>>): Promise<ExampleRun> {
  const args = [join(packageRoot(), 'scripts', 'example.mjs'), name]
  return new Promise(resolve => {
    execFile(
      process.execPath,
      args,
      { env: { ...process.env, NAMESRV_ADDR: undefined, ...env }, timeout: TIMEOUT_MS },
      (error, stdout, stderr) => {
        resolve({ failure: error === null ? undefined : `${error.message}\n${stderr}`, output: stdout })
      },
    )
  })
}
