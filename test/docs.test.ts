import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { ERROR_CODES } from '../lib/errors'
import { packageRoot } from './support/package-root'
import { snippetsOf, typeErrors } from './support/typed-snippets'

jest.setTimeout(60_000)

const ROOT = packageRoot()
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  '.github/CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter(file => file.endsWith('.md'))
    .map(file => `docs/${file}`),
]
/** Their tables tell of everything that there is, and of the tests that show it. */
const SHOWN = ['docs/producer.md', 'docs/security.md', 'docs/observability.md']
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map(file => `.github/workflows/${file}`)
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Cells of the rows of all tables of a text. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter(line => line.startsWith('|') && !/^\|[-|: ]+\|$/.test(line))
    .map(line =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(cell => cell.trim()),
    )
}

describe('the README', () => {
  it('has less than 200 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(200)
  })

  it('has a quick start of at most 20 lines of code by line 40', () => {
    const [first] = snippetsOf('README.md', read('README.md'))
    const lines = first?.code.trimEnd().split('\n') ?? []
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(Number(first?.place.split(':')[1]) + lines.length).toBeLessThanOrEqual(40)
  })

  it('has a quick start that runs and prints what it says', () => {
    const [first] = snippetsOf('README.md', read('README.md'))
    const code = ts.transpile(first?.code ?? '', { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 })
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: ROOT, encoding: 'utf8' })
    expect(run).toMatchObject({ status: 0, stdout: 'SEND_OK hello\n', stderr: '' })
  })
})

describe('docs/errors.md', () => {
  it('lists every error code with its verdict and its meaning, and no others', () => {
    const rows = rowsOf(read('docs/errors.md')).filter(([code]) => /^`[A-Z_]+`$/.test(code ?? ''))
    const listed = rows.map(([code = '', retriable, says]) => [code.slice(1, -1), retriable, says])
    const table = Object.entries(ERROR_CODES).map(([code, { retriable, says }]) => [
      code,
      retriable ? 'yes' : 'no',
      says,
    ])
    expect(listed).toEqual(table)
    for (const row of rows) expect(row[3]).not.toBe('')
  })
})

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md')

  /** Rows under the heading or paragraph that names the interface, up to the next one that names another. */
  function rowsUnder(name: string): string[][] {
    const from = page.search(new RegExp(`^(?=.*\`${name}\`)(?!\\|)`, 'm'))
    return rowsOf(page.slice(from).split(/\n(?=`[A-Z]\w+`|## )/)[0] ?? '')
  }

  const optionsUnder = (name: string): string[] =>
    rowsUnder(name).flatMap(([cell = '']) => /^`(\w+)`$/.exec(cell)?.[1] ?? [])

  it.each([
    ['ClientOptions', 'rocketwire'],
    ['AdvancedOptions', 'rocketwire'],
    ['StartOptions', 'rocketwire'],
    ['ProducerOptions', 'rocketwire'],
    ['RoutingSafetyOptions', 'rocketwire'],
    ['SendOptions', 'rocketwire'],
    ['TransactionProducerOptions', 'rocketwire'],
    ['TransactionSendOptions', 'rocketwire'],
    ['PushConsumerOptions', 'rocketwire'],
    ['ConsumeOptions', 'rocketwire'],
    ['LagThresholds', 'rocketwire'],
    ['LitePullConsumerOptions', 'rocketwire'],
    ['PullConsumerOptions', 'rocketwire'],
    ['PullOptions', 'rocketwire'],
    ['SimpleConsumerOptions', 'rocketwire'],
    ['ReceiveOptions', 'rocketwire'],
    ['LiteSimpleConsumerOptions', 'rocketwire'],
    ['RateLimit', 'rocketwire'],
    ['IdempotentOptions', 'rocketwire'],
    ['MemoryIdempotencyStoreOptions', 'rocketwire'],
    ['RedisIdempotencyStoreOptions', 'stores'],
    ['SqlIdempotencyStoreOptions', 'stores'],
    ['EmulatorOptions', 'emulator'],
    ['OtelTracingOptions', 'otel'],
    ['OtelMetricsOptions', 'otel'],
    ['PrometheusMetricsOptions', 'prometheus'],
    ['RocketMQServerOptions', 'nestjs'],
    ['RocketMQClientOptions', 'nestjs'],
  ])('names every option of %s, and no others', (name, entry) => {
    expect(optionsUnder(name).toSorted()).toEqual(membersOf(name, entry).toSorted())
  })

  it('names every environment variable that is read', () => {
    const variables = read('lib/client/env.ts').match(/\b(ROCKETWIRE|NAMESRV)_[A-Z_]*[A-Z]\b/g) ?? []
    expect(variables.length).toBeGreaterThan(1)
    for (const variable of variables) expect(page).toContain(`\`${variable}\``)
  })

  it.each([
    'ProducerOptions',
    'PushConsumerOptions',
    'ConsumeOptions',
    'LagThresholds',
    'LitePullConsumerOptions',
    'PullConsumerOptions',
    'PullOptions',
    'SimpleConsumerOptions',
    'ReceiveOptions',
    'RateLimit',
    'IdempotentOptions',
    'MemoryIdempotencyStoreOptions',
  ])('gives the defaults and ranges that the typings tell of %s', interfaceName => {
    const rows = new Map(rowsUnder(interfaceName).map(row => [row[0]?.replaceAll('`', ''), row]))
    for (const { name, comment } of optionComments('rocketwire', interfaceName)) {
      const number = /default (\d+)\b/i.exec(comment)?.[1]
      if (number !== undefined) expect([name, rows.get(name)?.[3]]).toEqual([name, expect.stringContaining(number)])
      const range = /, (\d+ to \d+);/.exec(comment)?.[1]
      if (range !== undefined) expect([name, rows.get(name)?.[4]]).toEqual([name, range])
    }
  })
})

describe('the pages', () => {
  it.each(PAGES)('%s has links that lead somewhere', page => {
    const broken = linksOf(read(page)).filter(link => !leadsSomewhere(page, link))
    expect(broken).toEqual([])
  })

  it('hold TypeScript that compiles against the typings', () => {
    const snippets = PAGES.flatMap(page => snippetsOf(page, read(page)))
    expect(snippets.length).toBeGreaterThan(10)
    expect(typeErrors(snippets)).toEqual([])
  })

  it('name tests that are there, and those of producers and of both sides one in every row', () => {
    const named = PAGES.flatMap(page => testsNamedIn(read(page)).map(test => ({ page, test })))
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter(({ test }) => !isTest(test))).toEqual([])
    const rows = SHOWN.flatMap(page => rowsThatNameTests(read(page)))
    expect(rows.length).toBeGreaterThan(80)
    expect(rows.filter(row => testsNamedIn(row).length === 0)).toEqual([])
  })

  it('name only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const texts = [...PAGES, ...WORKFLOWS].map(read)
    const named = texts.flatMap(text => Array.from(text.matchAll(/npm run (?!--)([\w:]+)/g), match => match[1] ?? ''))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(name => scripts[name] === undefined)).toEqual([])
  })
})

function testsNamedIn(text: string): string[] {
  return Array.from(text.matchAll(/`(test\/[^`]+)`/g), match => match[1] ?? '')
}

/** A file, with or without its `.test.ts`, or a folder, of which `/**` may tell. */
function isTest(path: string): boolean {
  const plain = path.replace(/\/\*\*$/, '')
  return [plain, `${plain}.test.ts`].some(file => existsSync(join(ROOT, file)))
}

/** The last cells of the tables whose last column says that it names tests. */
function rowsThatNameTests(page: string): string[] {
  const tables = page.split(/\n(?!\|)/).map(text => rowsOf(text.slice(text.indexOf('|'))))
  return tables.flatMap(([head, ...rows]) => (head?.at(-1) === 'shown by' ? rows.map(row => row.at(-1) ?? '') : []))
}

function interfaceOf(name: string, entry: string): ts.InterfaceDeclaration {
  const file = `typings/${entry}.d.ts`
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true)
  const found = source.statements.find(each => ts.isInterfaceDeclaration(each) && each.name.text === name)
  if (found === undefined) throw new Error(`${file} has no ${name}`)
  return found as ts.InterfaceDeclaration
}

function membersOf(name: string, entry: string): string[] {
  return interfaceOf(name, entry).members.map(member => member.name?.getText() ?? '')
}

function optionComments(entry: string, interfaceName: string): { name: string; comment: string }[] {
  return interfaceOf(interfaceName, entry).members.map(member => {
    const comment = member.getFullText().replace(/\s*\*?\s+/g, ' ')
    return { name: member.name?.getText() ?? '', comment }
  })
}

function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`]*`/g, '')
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), match => match[1] ?? '').filter(link => !/^https?:/.test(link))
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, target))) return false
  if (anchor === undefined) return true
  const headings = Array.from(read(target).matchAll(/^#+ (.*)$/gm), match => match[1] ?? '')
  return headings.some(heading => anchorOf(heading) === anchor)
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}
