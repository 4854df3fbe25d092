// Writes typings/: for each package entry one rolled-up declaration file, its ES module form, and the API report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const ENTRIES = [
  { name: 'rocketwire', source: 'dist/index' },
  { name: 'emulator', source: 'dist/emulator/index' },
  { name: 'stores', source: 'dist/stores/index' },
  { name: 'otel', source: 'dist/integrations/otel/index' },
  { name: 'prometheus', source: 'dist/integrations/prometheus/index' },
]

function rollUp({ name, source }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, `${source}.d.ts`),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      dtsRollup: { enabled: true, untrimmedFilePath: '', publicTrimmedFilePath: join(root, `typings/${name}.d.ts`) },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'typings'),
        reportTempFolder: join(root, 'dist'),
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  })
  const problems = []
  Extractor.invoke(config, { localBuild: true, messageCallback: message => sift(message, text => problems.push(text)) })
  for (const problem of problems) console.error(`${name}: ${problem}`)
  if (problems.length > 0) process.exit(1)
}

/** Declarations that users meet but need no name for: bases and the types behind the command names of `control`. */
const UNNAMED = [
  'SafeEmitter',
  'ClientMember',
  'InOrder',
  'InAnyOrder',
  'TRACE_CONSUME_OUTCOMES',
  'TRACE_MESSAGE_TYPES',
  'TraceOfMessage',
  'TraceOfClient',
  'EventMap',
  'Commands',
  'RequestOf',
  'ReplyOf',
  'RESPONSE_CODES',
]

/** Hands every problem to `complain`; a report that is new or has changed is none, it shows in the diff. */
function sift(message, complain) {
  const isUnnamed =
    message.messageId === 'ae-forgotten-export' && UNNAMED.some(name => message.text.includes(`"${name}"`))
  const isProblem = ['error', 'warning'].includes(message.logLevel) && !message.messageId.startsWith('console-')
  if (isProblem && !isUnnamed) complain(message.text)
  message.handled = true
}

/** Declarations for `import`: the same names, so that both kinds of import see one set of types. */
function writeModuleForm({ name }) {
  const declarations = readFileSync(join(root, `typings/${name}.d.ts`), 'utf8')
  const names = Array.from(
    declarations.matchAll(/^export declare (?:abstract )?(class|const|function|interface|type) (\w+)/gm),
  )
  const values = names
    .filter(([, kind]) => kind === 'class' || kind === 'const' || kind === 'function')
    .map(each => each[2])
  const types = names.filter(([, kind]) => kind === 'interface' || kind === 'type').map(each => each[2])
  const list = items =>
    [...new Set(items)]
      .sort()
      .map(item => `  ${item},\n`)
      .join('')
  const text = `export {\n${list(values)}} from './${name}.js'\nexport type {\n${list(types)}} from './${name}.js'\n`
  writeFileSync(join(root, `typings/${name}.d.mts`), text)
}

mkdirSync(join(root, 'typings'), { recursive: true })
for (const entry of ENTRIES) {
  rollUp(entry)
  writeModuleForm(entry)
}
