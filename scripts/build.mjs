// Builds dist/: all modules by tsc in dist/modules, for declarations and for what measures single ones, and the files that
// are published: the library, an entry for each way to import it, the command line, and the script of the codec threads.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Library, bundleFile, licensesOf, stub } from './bundle.mjs'
import { ENTRIES } from './entries.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const require = createRequire(import.meta.url)

function compile() {
  // Without its output the incremental state would make tsc believe that there is nothing to do.
  if (!existsSync(join(dist, 'modules/index.js'))) rmSync(dist, { recursive: true, force: true })
  const tsc = require.resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** In several steps: of one Node.js would read the whole library for names before it imports it. */
function writeMainEntry() {
  const lines = [
    "const { index } = require('./library.js')",
    "Object.defineProperty(index, '__esModule', { value: true })",
    'module.exports = index',
  ]
  writeFileSync(join(dist, 'index.js'), `${lines.join('\n')}\n`)
}

/** Both kinds of import then get the same classes and the same table of clients. */
function wrapAsModule(entry) {
  const names = Object.keys(require(join(dist, `${entry}.js`))).sort()
  const text = `import exports from './${entry}.js'\n\nexport const {\n${names.map(name => `  ${name},\n`).join('')}} = exports\n`
  writeFileSync(join(dist, `${entry}.mjs`), text)
}

function emulatorStub(module) {
  const exported = require(join(dist, 'modules', ENTRIES.emulator))
  const hidden = Object.keys(require(join(dist, 'modules', module))).filter(name => !(name in exported))
  if (hidden.length > 0)
    throw new Error(`the command line needs ${module}, whose ${hidden} the emulator does not export`)
  return stub('emulator', module)
}

/**
 * What the command line needs of the emulator is what everybody may import of it. It has errors of its own, which are known
 * by their brand: its help needs nothing else of the library.
 */
async function bundleCommandLine(stubOf) {
  const metafile = await bundleFile('cli', 'cli/main', {
    stubOf: module => {
      if (module === 'errors') return undefined
      return module.startsWith('emulator/') ? emulatorStub(module) : stubOf(module)
    },
    packages: 'bundle',
  })
  chmodSync(join(dist, 'cli.js'), 0o755)
  return licensesOf(metafile, 'dist/cli.js')
}

compile()
const { index, ...others } = ENTRIES
const library = await Library.of(index)
const stubOf = module => (library.has(module) ? library.stub(module) : undefined)
for (const [name, module] of Object.entries(others)) await bundleFile(name, module, { stubOf })
const licenses = await bundleCommandLine(stubOf)
await bundleFile('codec-worker', 'wire/codec-worker')
await library.write()
writeMainEntry()
for (const entry of Object.keys(ENTRIES)) wrapAsModule(entry)
writeFileSync(join(dist, 'cli.licenses.txt'), licenses)
