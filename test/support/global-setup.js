const { spawnSync } = require('node:child_process')
const { existsSync, readdirSync, statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..', '..')
/** The last file that a build writes. */
const BUILT = join(root, 'dist', 'cli.licenses.txt')
const SOURCES = ['lib', 'scripts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']

/** Tests of the command line, the examples and the docs use the built package: it is built where it is older than its sources. */
module.exports = function build() {
  if (existsSync(BUILT) && SOURCES.every(path => newest(join(root, path)) < statSync(BUILT).mtimeMs)) return
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the package cannot be built, see above')
}

function newest(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}
