import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

const ROOT = join(__dirname, '..')
const LIB = join(ROOT, 'lib')

/** Rooms from the bottom up: a room imports rooms below it and itself. Those of one line are siblings and do not know each other. */
const FLOORS = [
  ['errors', 'runtime'],
  ['model'],
  ['wire'],
  ['commands'],
  ['remoting'],
  ['routing', 'emulator'],
  ['client'],
  ['sending'],
  ['producer', 'consumer', 'admin'],
  ['index'],
  ['cli', 'integrations', 'stores'],
]
/** `errors` and `runtime` are one floor and may use each other's files, as long as there is no cycle. */
const GROUND_FLOOR = new Set(['errors', 'runtime'])
const MAY_USE_EMULATOR = new Set(['emulator', 'cli'])
const BARRELS = new Set([
  'index.ts',
  'emulator/index.ts',
  'stores/index.ts',
  'integrations/otel/index.ts',
  'integrations/prometheus/index.ts',
  'integrations/nestjs/index.ts',
  'commands/index.ts',
  'emulator/handlers/index.ts',
])
/** One owner per package. */
const OWNERS: Record<string, readonly string[]> = {
  'generic-pool': ['remoting/channel-pool.ts', 'wire/codec-pool.ts'],
  'iconv-lite': ['wire/charset.ts'],
  debug: ['runtime/log.ts'],
}
const ENVIRONMENT_READERS = new Set(['client/env.ts', 'runtime/environment.ts'])

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => path.split(sep).join('/'))
const sources = new Map(files.map(path => [path, readFileSync(join(LIB, path), 'utf8')]))

interface Import {
  readonly from: string
  readonly to: string
}

const SPECIFIER = /(?:\bfrom|\bimport|\brequire\()\s*['"]([^'"]+)['"]/g

function importsOf(path: string): string[] {
  return Array.from((sources.get(path) ?? '').matchAll(SPECIFIER), match => match[1] as string)
}

function resolve(from: string, specifier: string): string {
  const path = relative(LIB, normalize(join(LIB, dirname(from), specifier)))
    .split(sep)
    .join('/')
  return [`${path}.ts`, `${path}/index.ts`].find(each => sources.has(each)) ?? path
}

const imports: Import[] = files.flatMap(from =>
  importsOf(from)
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => ({ from, to: resolve(from, specifier) })),
)

const roomOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '')
const floorOf = (room: string): number => FLOORS.findIndex(rooms => rooms.includes(room))

function isAllowed({ from, to }: Import): boolean {
  const [above, below] = [roomOf(from), roomOf(to)]
  if (above === below) return true
  if (below === 'emulator') return MAY_USE_EMULATOR.has(above)
  if (GROUND_FLOOR.has(above) && GROUND_FLOOR.has(below)) return true
  return floorOf(above) > floorOf(below)
}

/** Code without comments and texts, so that a word in either is no finding. */
function codeOf(path: string): string {
  return (sources.get(path) ?? '').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

function cycles(): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of files) visit(path, [])
  return found
}

describe('the house of lib/', () => {
  it('has a floor for every room', () => {
    expect([...new Set(files.map(roomOf))].filter(room => floorOf(room) === -1)).toEqual([])
  })

  it('imports only downward', () => {
    expect(imports.filter(each => !isAllowed(each))).toEqual([])
  })

  it('has no import cycle, not even of types', () => {
    expect(cycles()).toEqual([])
  })

  it('has no barrel but the package entries and the registries', () => {
    const barrels = files.filter(
      path => /^export .* from /m.test(sources.get(path) ?? '') || /(^|\/)index\.ts$/.test(path),
    )
    expect(barrels.filter(path => !BARRELS.has(path))).toEqual([])
  })

  it('takes time and chance from runtime/ only', () => {
    const forbidden = /\b(setTimeout|setInterval|Date\.now|Math\.random|performance\.now)\b/
    expect(files.filter(path => roomOf(path) !== 'runtime' && forbidden.test(codeOf(path)))).toEqual([])
  })

  it('reads the environment in cli/ and in the files that fill omitted options only', () => {
    const readers = files.filter(path => /\bprocess\.env\b/.test(codeOf(path)))
    expect(readers.filter(path => roomOf(path) !== 'cli' && !ENVIRONMENT_READERS.has(path))).toEqual([])
  })

  it('keeps each named package behind its owner', () => {
    const strangers = Object.entries(OWNERS).flatMap(([name, owners]) =>
      files.filter(path => importsOf(path).includes(name) && !owners.includes(path)),
    )
    expect(strangers).toEqual([])
  })

  it('has a mirrored unit test for every file with behaviour', () => {
    expect(
      files.filter(path => needsTest(path) && !existsSync(join(ROOT, 'test/unit', path.replace(/\.ts$/, '.test.ts')))),
    ).toEqual([])
  })
})

/** Tables, scenarios and command tests cover the rest. */
function needsTest(path: string): boolean {
  const room = roomOf(path)
  if (room === 'cli' || room === 'integrations' || room === 'commands' || BARRELS.has(path))
    return isCommandMachinery(path)
  if (path.startsWith('emulator/handlers/')) return false
  return !isTypesOnly(path)
}

function isCommandMachinery(path: string): boolean {
  return /^commands\/(field|command|body|shape|response-code|topic-route-json|heartbeat-data)\.ts$/.test(path)
}

/** A file that leaves nothing behind when its types are taken away, or constants alone. */
function isTypesOnly(path: string): boolean {
  // A type of a function has no brace of its own: it ends with the empty line after it.
  const values = codeOf(path)
    .replace(/^(export )?type [^\n]*= *\($[\s\S]*?(?:^\n|(?![\s\S]))/gm, '')
    .replace(/^(export )?(interface|type) [\s\S]*?^}/gm, '')
  return !/^(export )?(async )?(function|class)\b|=>/m.test(values)
}
