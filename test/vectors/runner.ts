import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { RocketMQError } from '../../lib/errors'
import { difference } from './difference'
import { EXCEPTIONS, type Outcome, type VectorException } from './exceptions'
import { NOT_YET_COVERED } from './not-yet-covered'
import { type OpsFile, readVectorFile, type VectorCase, type VectorFile } from './vector-file'

/** What became of the cases of one file. */
export interface FileReport {
  readonly name: string
  readonly total: number
  passed: number
  excepted: number
  notCovered: number
  readonly failures: string[]
  /** The exceptions that some case needed. */
  readonly exceptionsUsed: Set<VectorException>
}

/** Runs every case of one file; a file, operation or field that is not known is a failure. */
export async function runVectorFile(folder: string, name: string): Promise<FileReport> {
  const file = readVectorFile(folder, name)
  const report: FileReport = {
    name,
    total: file.cases.length,
    passed: 0,
    excepted: 0,
    notCovered: 0,
    failures: [],
    exceptionsUsed: new Set(),
  }
  const opsFile = await loadOps(name)
  if (opsFile !== undefined) {
    for (const vector of file.cases) await runCase(file, opsFile, { vector, report })
  } else if (NOT_YET_COVERED.includes(name)) report.notCovered = file.cases.length
  else report.failures.push(`${name}: unknown file, there is no test/vectors/ops/${name}.ts`)
  return report
}

/** A table of all reports, as it is printed after a run. */
export function summary(reports: readonly FileReport[]): string {
  const rows = reports.map(({ name, passed, excepted, notCovered, failures, total }) => {
    const notes = (notCovered > 0 ? ', not covered' : '') + (failures.length > 0 ? `, FAILED ${failures.length}` : '')
    return `${name.padEnd(20)} ${passed} passed / ${excepted} excepted / ${total} total${notes}`
  })
  const sum = (of: (report: FileReport) => number): number => reports.reduce((total, report) => total + of(report), 0)
  const failed = sum(report => report.failures.length)
  const all = `${sum(report => report.passed)} passed / ${sum(report => report.excepted)} excepted / ${sum(report => report.total)} total`
  rows.push(`${'all files'.padEnd(20)} ${all}, ${sum(report => report.notCovered)} not covered, ${failed} failed`)
  return rows.join('\n')
}

async function loadOps(name: string): Promise<OpsFile | undefined> {
  if (!existsSync(join(__dirname, 'ops', `${name}.ts`))) return undefined
  return (await import(`./ops/${name}`)) as OpsFile
}

async function runCase(
  file: VectorFile,
  opsFile: OpsFile,
  { vector, report }: { vector: VectorCase; report: FileReport },
): Promise<void> {
  const fail = (problem: string): unknown =>
    report.failures.push(`${file.name} ${vector.id} (${vector.op}): ${problem}`)
  const unknown = unknownField(opsFile, vector)
  if (unknown !== undefined) return void fail(unknown)
  const { outcome, unread } = await outcomeOf(opsFile, vector, file.common)
  const problem = disagreement(outcome, vector.out) ?? unread
  if (problem === undefined) {
    report.passed++
    return
  }
  const candidates = EXCEPTIONS.filter(each => each.file === file.name && each.op === vector.op && each.applies(vector))
  const exception = candidates.find(each => each.holds(outcome, vector))
  if (exception === undefined) {
    return void fail([problem, ...candidates.map(each => `nor does it hold that ${each.instead}`)].join('; '))
  }
  report.excepted++
  report.exceptionsUsed.add(exception)
}

function unknownField(
  { ops, checks = {}, fields = {} }: OpsFile,
  { op, in: input, out }: VectorCase,
): string | undefined {
  if (own(ops, op) === undefined && own(checks, op) === undefined) return 'unknown operation'
  const known = own(fields, op)
  if (known === undefined) return undefined
  const strangeIn = Object.keys(input).find(name => !known.in.includes(name))
  if (strangeIn !== undefined) return `unknown field in.${strangeIn}`
  const strangeOut = expectsError(out) ? undefined : Object.keys(out).find(name => !known.out.includes(name))
  return strangeOut === undefined ? undefined : `unknown field out.${strangeOut}`
}

async function outcomeOf(
  { ops, checks = {}, fields = {} }: OpsFile,
  { op, in: input, out }: VectorCase,
  common: unknown,
): Promise<{ outcome: Outcome; unread?: string | undefined }> {
  const read = new Set<string>()
  const watched = new Proxy(input, {
    get: (target, name) => (read.add(String(name)), target[name as string]),
    ownKeys: target => (Object.keys(target).forEach(name => read.add(name)), Reflect.ownKeys(target)),
  })
  try {
    const check = own(checks, op)
    const value = check === undefined ? await own(ops, op)?.(watched, common) : (await check(watched, out, common), out)
    const unread = own(fields, op) === undefined ? Object.keys(input).find(name => !read.has(name)) : undefined
    return { outcome: { value }, unread: unread === undefined ? undefined : `the operation never reads in.${unread}` }
  } catch (thrown) {
    return { outcome: { thrown } }
  }
}

/** An operation may be called `toString`, which every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** Where Java threw, we must fail too, and with an error of our own: a slip in an operation is no agreement. */
function disagreement(outcome: Outcome, out: VectorCase['out']): string | undefined {
  if ('thrown' in outcome && outcome.thrown !== undefined) {
    const { thrown } = outcome
    if (expectsError(out) && RocketMQError.is(thrown)) return undefined
    return `threw ${RocketMQError.is(thrown) ? `${thrown.code} ${thrown.message}` : inspect(thrown)}`
  }
  const { value } = outcome as { value: unknown }
  if (expectsError(out)) return `gave ${inspect(value, { depth: 4, breakLength: Infinity })} where Java threw`
  return difference(value, out)
}

function expectsError(out: VectorCase['out']): boolean {
  return typeof out['error'] === 'string' && Object.keys(out).every(name => name === 'error' || name === 'message')
}
