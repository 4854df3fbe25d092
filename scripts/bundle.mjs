// Puts the modules of lib/ into few files: to find, read and compile hundreds takes longer than to run them.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify } from '@swc/core'
import { build, transform } from 'esbuild'

const require = createRequire(import.meta.url)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lib = join(root, 'lib')
const dist = join(root, 'dist')

const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  legalComments: 'eof',
  logLevel: 'warning',
  metafile: true,
}

const LINE_LIMIT = 160

/**
 * Modules of Node.js that take milliseconds to load and are not needed before a client starts, or never: their functions are
 * looked up when they are called. Not by a `require` there: Jest forbids those between tests, when clients go on working.
 */
const LATE_BUILTINS = {
  name: 'late-builtins',
  setup: bundler => {
    bundler.onResolve({ filter: /^node:(crypto|tls|fs\/promises)$/ }, ({ path }) => ({
      path,
      namespace: 'late-builtin',
    }))
    bundler.onLoad({ filter: /.*/, namespace: 'late-builtin' }, ({ path }) => ({ contents: lateBuiltin(path) }))
  },
}

/**
 * `library.js`: all that the main entry needs. Other files take the modules that they share with it from there, so that there
 * is one of each class; it exports those by the names of the modules.
 */
export class Library {
  #inside
  #taken

  static async of(entry) {
    const library = new Library()
    library.#taken = new Set([entry])
    const { metafile } = await build({ ...OPTIONS, ...library.#entries(), write: false })
    library.#inside = new Set(modulesIn(metafile))
    return library
  }

  has(module) {
    return this.#inside.has(module)
  }

  /** The source of a module that takes what it exports from the library. */
  stub(module) {
    this.#taken.add(module)
    return stub('library', module, `['${module}']`)
  }

  async write() {
    await writeBundle({ ...this.#entries(), outfile: join(dist, 'library.js') })
  }

  #entries() {
    const lines = [...this.#taken].sort().map(module => `export * as '${module}' from './${module}'\n`)
    const stdin = { contents: lines.join(''), resolveDir: lib, loader: 'ts' }
    // Written here, the entry is no module of lib/, whose modules are all strict.
    return { stdin, banner: { js: "'use strict'" } }
  }
}

/**
 * Writes a file of a module and what it needs, with the sources of `stubOf` instead of modules where it has some. Resolves
 * with its metafile.
 */
export async function bundleFile(name, module, { stubOf = () => undefined, ...options } = {}) {
  const entryPoints = [join(lib, `${module}.ts`)]
  const outfile = join(dist, `${name}.js`)
  const plugins = [{ name: 'stubs', setup: bundler => placeStubs(bundler, stubOf) }]
  return writeBundle({ entryPoints, outfile, plugins, ...options })
}

/** The source of a module that takes what it exports from another file; under names of its own, which cost no look-ups. */
export function stub(file, module, member = '') {
  const names = Object.keys(require(join(dist, 'modules', module))).join(', ')
  return `const { ${names} } = require('./${file}.js')${member}\nexport { ${names} }\n`
}

/** The licenses of the packages that went into a file: they ask to go along. */
export function licensesOf({ inputs }, file) {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  const parts = Array.from(packages).map(folder => {
    const license = readdirSync(join(root, folder)).find(name => /^licen[cs]e/i.test(name))
    if (license === undefined) throw new Error(`${folder} is bundled and has no license file`)
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${readFileSync(join(root, folder, license), 'utf8').trim()}\n`
  })
  return `${file} contains these packages.\n\n${parts.sort().join(`\n${'-'.repeat(80)}\n\n`)}`
}

async function writeBundle(options) {
  const { plugins = [], ...others } = options
  const whole = { ...OPTIONS, ...others, plugins: [...plugins, LATE_BUILTINS], write: false }
  const { metafile, outputFiles, warnings } = await build(whole)
  // Such as of a name that no module has: it would be found out when it is used.
  if (warnings.length > 0) throw new Error(`${warnings.length} warnings about ${whole.outfile}`)
  for (const { path, text } of outputFiles) writeFileSync(path, withClassNames(await compact(text)))
  return metafile
}

/**
 * Classes that name themselves come as `var X=class _X`, which users would see in whatever shows the name of a class.
 * The bundler's own `keepNames` would have a call made for each function, also for those that are made per message.
 */
function withClassNames(text) {
  const renamed = new Set(Array.from(text.matchAll(/\bvar\s+(\w+)\s*=\s*class\s+_\1\b/g), ([, name]) => name))
  return text.replace(/(?<![\w$.#])_(\w+)\b/g, (all, name) => (renamed.has(name) ? name : all))
}

/**
 * Less to read and compile. Functions and classes keep their names, which stand in stack traces, and lines end somewhere:
 * Node.js shows the whole line where an error was thrown.
 */
async function compact(text) {
  const mangle = { keep_classnames: true, keep_fnames: true, keep_private_props: true, toplevel: false }
  const { code } = await minify(text, { compress: false, mangle, module: false, format: { comments: 'some' } })
  const lined = await transform(code, { minifyWhitespace: true, lineLimit: LINE_LIMIT, target: OPTIONS.target })
  return lined.code
}

function placeStubs(bundler, stubOf) {
  bundler.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, namespace }) => {
    if (namespace === 'stub') return { path, external: true }
    if (!resolveDir.startsWith(lib)) return undefined
    const module = moduleName(resolve(resolveDir, path))
    const contents = stubOf(module)
    return contents === undefined ? undefined : { path: module, namespace: 'stub', pluginData: contents }
  })
  bundler.onLoad({ filter: /.*/, namespace: 'stub' }, ({ pluginData: contents }) => ({ contents }))
}

function lateBuiltin(path) {
  const builtin = require(path)
  const names = Object.keys(builtin).filter(name => /^[a-z]/.test(name) && typeof builtin[name] === 'function')
  const functions = names.map(name => `export const ${name} = (...args) => late().${name}(...args)`)
  return ['let builtin', `const late = () => (builtin ??= process.getBuiltinModule('${path}'))`, ...functions].join(
    '\n',
  )
}

function modulesIn({ inputs }) {
  return Object.keys(inputs).map(path => moduleName(join(root, path).replace(/\.ts$/, '')))
}

function moduleName(path) {
  return relative(lib, path).split(sep).join('/')
}
