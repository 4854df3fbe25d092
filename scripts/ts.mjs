// Runs a TypeScript file: node scripts/ts.mjs FILE [ARGUMENTS...]
// The file is bundled and loaded into this very process, so that arguments, signals and the exit code are its own.
import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node scripts/ts.mjs FILE.ts [ARGUMENTS...]')
  process.exit(2)
}

/** Our own package is found by its `exports`, as users find it; Node does that only for files outside node_modules. */
const ownPackage = {
  name: 'own-package',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^rocketwire(\/|$)/ }, ({ path }) => ({ path: require.resolve(path), external: true })),
}

const entry = resolve(file)
const folder = join(root, 'node_modules', '.cache', 'rocketwire')
const outfile = join(folder, `${basename(file, '.ts')}-${process.pid}.cjs`)
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  plugins: [ownPackage],
})
process.setSourceMapsEnabled(true)
process.argv = [process.argv[0], entry, ...args]
try {
  require(outfile)
} finally {
  rmSync(outfile)
}
