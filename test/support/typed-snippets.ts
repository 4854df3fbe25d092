import ts from 'typescript'
import { join } from 'node:path'
import { packageRoot } from './package-root'

/** One block of TypeScript in a page. */
export interface Snippet {
  /** The page and the line of its first line. */
  readonly place: string
  readonly code: string
}

/** What pages talk about without saying each time how it was made. */
const ASSUMED = `import type * as rocketwire from 'rocketwire'
import type * as emulated from 'rocketwire/emulator'
declare global {
  type MessageExt = rocketwire.MessageExt
  const producer: rocketwire.Producer
  const consumer: rocketwire.PushConsumer
  const emulator: emulated.Emulator
}
`

/** The blocks that are marked as TypeScript. */
export function snippetsOf(page: string, text: string): Snippet[] {
  return Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```$/gm), match => ({
    place: `${page}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: match[1] ?? '',
  }))
}

/** Type-checks snippets as a user's strict ES modules, against typings/. Returns what is wrong, by page and line. */
export function typeErrors(snippets: readonly Snippet[]): string[] {
  const root = packageRoot()
  const files = new Map([[join(root, 'assumed.d.mts'), ASSUMED]])
  const places = new Map<string, Snippet>()
  snippets.forEach((snippet, i) => {
    const file = join(root, `snippet-${i}.mts`)
    files.set(file, `export {}; ${snippet.code}`)
    places.set(file, snippet)
  })
  const options = optionsOf(root)
  const host = ts.createCompilerHost(options)
  const overlay = {
    ...host,
    fileExists: (file: string) => files.has(file) || host.fileExists(file),
    readFile: (file: string) => files.get(file) ?? host.readFile(file),
    getSourceFile: (file: string, language: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
      const text = files.get(file)
      return text === undefined ? host.getSourceFile(file, language) : ts.createSourceFile(file, text, language)
    },
  }
  const program = ts.createProgram([...files.keys()], options, overlay)
  return [...files.keys()].flatMap(file => {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(diagnostic => describe(diagnostic, places.get(file)))
  })
}

function optionsOf(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), file => ts.sys.readFile(file)) as {
    config: { compilerOptions: object }
  }
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  return { ...options, noUnusedLocals: false, noUnusedParameters: false, isolatedModules: false }
}

function describe({ messageText, file, start }: ts.Diagnostic, snippet: Snippet | undefined): string {
  const line = file === undefined ? 0 : ts.getLineAndCharacterOfPosition(file, start ?? 0).line
  const text = ts.flattenDiagnosticMessageText(messageText, ' ')
  return `${snippet?.place ?? 'the assumed declarations'} + ${line}: ${text}`
}
