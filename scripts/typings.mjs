// Writes typings/: for each package entry one rolled-up declaration file, its ES module form, and the API report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import ts from 'typescript'
import { ENTRIES } from './entries.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const { index, ...others } = ENTRIES
/** The main one first: others take from it what it exports. */
const ROLLUPS = Object.entries({ rocketwire: index, ...others }).map(([name, module]) => ({
  name,
  source: `dist/modules/${module}`,
}))

/** What the main entry exports: others that tell of it import it from there, so that there is one of each class. */
const shared = new Set()

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
        reportTempFolder: join(root, 'dist/modules'),
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'error' },
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
  'ReplyingConsumer',
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
    message.messageId === 'ae-forgotten-export' &&
    [...UNNAMED, ...shared].some(name => message.text.includes(`"${name}"`))
  const isProblem = ['error', 'warning'].includes(message.logLevel) && !message.messageId.startsWith('console-')
  if (isProblem && !isUnnamed) complain(message.text)
  message.handled = true
}

/** Takes what the main entry exports out of another one's declarations, with what only that needs, and imports it instead. */
function shareWithMain({ name }) {
  const file = join(root, `typings/${name}.d.ts`)
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const nameOf = each => (each.name ?? each.declarationList?.declarations[0].name)?.text
  const isExported = each => each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  const isImport = each => ts.isImportDeclaration(each)
  const importedBy = each => each.importClause.namedBindings?.elements?.map(({ name }) => name.text) ?? []
  const mentions = (each, word) => new RegExp(`\\b${word}\\b`).test(each.getText())
  let kept = statements.filter(each => isImport(each) || isExported(each) || !shared.has(nameOf(each)))
  const isNeeded = (each, all) => {
    const own = isImport(each) ? importedBy(each) : [nameOf(each)]
    if (own.length === 0 || isExported(each)) return true
    return own.some(word => all.some(other => other !== each && !isImport(other) && mentions(other, word)))
  }
  for (let before = -1; before !== kept.length;) {
    before = kept.length
    kept = kept.filter(each => isNeeded(each, kept))
  }
  const declared = new Set(kept.map(nameOf))
  const words = [...shared].filter(
    word => !declared.has(word) && kept.some(each => !isImport(each) && mentions(each, word)),
  )
  if (words.length === 0) return
  const text = kept.map(each => each.getFullText()).join('')
  writeFileSync(file, `import type { ${words.sort().join(', ')} } from './rocketwire'\n${text}\n`)
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

function exportedBy({ name }) {
  const declarations = readFileSync(join(root, `typings/${name}.d.ts`), 'utf8')
  const found = declarations.matchAll(/^export declare (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm)
  return Array.from(found, match => match[1])
}

/** The compiler lists the texts of a union as it came across them, which differs from one folder to another. */
function sortUnions(file) {
  const path = join(root, 'typings', file)
  const inOrder = union => union.split(' | ').sort().join(' | ')
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"\w+"(?: \| "\w+")+/g, inOrder))
}

mkdirSync(join(root, 'typings'), { recursive: true })
for (const entry of ROLLUPS) {
  rollUp(entry)
  if (entry.name === 'nestjs') shareWithMain(entry)
  writeModuleForm(entry)
  for (const form of ['d.ts', 'api.md']) sortUnions(`${entry.name}.${form}`)
  if (entry.name === 'rocketwire') for (const name of exportedBy(entry)) shared.add(name)
}
