import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One golden case: what goes in, and what Java gave. */
export interface VectorCase {
  readonly id: string
  readonly op: string
  readonly in: Readonly<Record<string, unknown>>
  readonly out: Readonly<Record<string, unknown>>
}

/** A file of cases; `test/fixtures/vectors/README.md` describes them. */
export interface VectorFile {
  readonly name: string
  readonly common: unknown
  readonly cases: readonly VectorCase[]
}

/** Gives the outcome of one case as plain data, or throws a `RocketMQError` where Java threw. */
export type Op = (input: Record<string, unknown>, common: unknown) => unknown

/**
 * Compares by itself, for what Java says in a form that only the expectation tells, such as the order of a hash set;
 * throws where rocketwire does not agree.
 */
export type Check = (input: Record<string, unknown>, out: Record<string, unknown>, common: unknown) => unknown

/** What `ops/<file>.ts` exports. */
export interface OpsFile {
  readonly ops: Readonly<Record<string, Op>>
  readonly checks?: Readonly<Record<string, Check>>
  /** Fields that an operation knows. Without a list, it must read every field of `in`. */
  readonly fields?: Readonly<Record<string, { readonly in: readonly string[]; readonly out: readonly string[] }>>
}

const FILE_KEYS = ['area', 'source', 'note', 'common', 'cases']
const CASE_KEYS = ['id', 'op', 'in', 'out']

/** Names of the vector files of a folder, without `.json`. */
export function vectorFileNames(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(0, -'.json'.length))
    .sort()
}

/** Reads a file and refuses whatever the description of the files does not know. */
export function readVectorFile(folder: string, name: string): VectorFile {
  const file = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Record<string, unknown>
  onlyKnown(Object.keys(file), FILE_KEYS, name)
  // What Java was given as null, no arguments are to us.
  const cases = (file['cases'] as VectorCase[]).map(each => ({
    ...each,
    in: (each.in as VectorCase['in'] | null) ?? {},
  }))
  const ids = new Set<string>()
  for (const each of cases) {
    onlyKnown(Object.keys(each), CASE_KEYS, `${name} ${each.id}`)
    if (ids.has(each.id)) throw new Error(`${name} has the id ${each.id} twice`)
    ids.add(each.id)
  }
  return { name, common: file['common'], cases }
}

function onlyKnown(names: readonly string[], known: readonly string[], where: string): void {
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`${where}: unknown field ${name}`)
  }
}
