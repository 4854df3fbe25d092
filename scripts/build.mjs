// Builds dist/: CommonJS by tsc, ES module wrappers that re-export by name, and the bundled command line.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const require = createRequire(import.meta.url)

/** Package entries: the compiled CommonJS file of each. */
const ENTRIES = [
  'index.js',
  'emulator/index.js',
  'stores/index.js',
  'integrations/otel/index.js',
  'integrations/prometheus/index.js',
  'integrations/nestjs/index.js',
]

function compile() {
  // Without its output the incremental state would make tsc believe that there is nothing to do.
  if (!existsSync(join(dist, 'index.js'))) rmSync(dist, { recursive: true, force: true })
  // No source maps: they would point to sources that are not in the package, and with these in them nearly double what is
  // installed. What is emitted is as readable as the source, comments included.
  const tsc = require.resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Both kinds of import then get the same classes and the same table of clients. */
function wrapAsModule(entry) {
  const names = Object.keys(require(join(dist, entry))).sort()
  const file = join(dist, entry)
  const text = `import exports from './${entry.split('/').pop()}'\n\nexport const {\n${names.map(name => `  ${name},\n`).join('')}} = exports\n`
  writeFileSync(file.replace(/\.js$/, '.mjs'), text)
}

/** The packages of the command line are put into its file; the library itself stays outside, so that there is one of it. */
async function bundleCommandLine() {
  const main = join(dist, 'cli/main.js')
  if (!existsSync(main)) return
  const outfile = join(dist, 'cli.js')
  const { metafile } = await build({
    entryPoints: [main],
    outfile,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'eof',
    logLevel: 'warning',
    plugins: [{ name: 'library-outside', setup: keepLibraryOutside }],
  })
  chmodSync(outfile, 0o755)
  writeFileSync(join(dist, 'cli.licenses.txt'), licensesOf(Object.keys(metafile.inputs)))
}

/** The licenses of the packages that were put into the bundle: they ask to go along. */
function licensesOf(inputs) {
  const packages = new Set(inputs.flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))
  const parts = Array.from(packages).map(folder => {
    const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name))
    if (file === undefined) throw new Error(`${folder} is bundled and has no license file`)
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
  return `dist/cli.js contains these packages.\n\n${parts.sort().join(`\n${'-'.repeat(80)}\n\n`)}`
}

function keepLibraryOutside(bundler) {
  const inside = join(dist, 'cli') + sep
  bundler.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
    const target = resolve(resolveDir, path)
    if (!resolveDir.startsWith(dist) || target.startsWith(inside)) return undefined
    const file = existsSync(`${target}.js`) ? `${target}.js` : join(target, 'index.js')
    return {
      path: `./${file
        .slice(dist.length + 1)
        .split(sep)
        .join('/')}`,
      external: true,
    }
  })
}

compile()
for (const entry of ENTRIES) wrapAsModule(entry)
await bundleCommandLine()
