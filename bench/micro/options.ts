import { parseArgs } from 'node:util'
import { SUBJECT_NAMES, type SubjectName } from './subjects'

export interface MicroOptions {
  readonly subjects: readonly SubjectName[]
  /** Folder of the build to measure; undefined for this one. */
  readonly library: string | undefined
  /** Prints the figures as JSON. */
  readonly json: boolean
}

export const MICRO_USAGE = `usage: npm run bench:micro -- [NAME...] [--library DIR] [--json]

Measures parts of the built package, each by itself; what costs how much matters more than the figures.
  NAME            ${SUBJECT_NAMES.join(', ')}; default all
  --library DIR   measures the build in DIR/dist, such as that of another commit
  --json          prints the figures as JSON`

/** Reads the command line; throws an error that says what is wrong with it. */
export function readMicroOptions(args: readonly string[]): MicroOptions {
  const options = { library: { type: 'string' }, json: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const subjects = positionals.map(subjectOf)
  return { subjects: subjects.length === 0 ? SUBJECT_NAMES : subjects, library: values.library, json: values.json }
}

function subjectOf(name: string): SubjectName {
  const subject = SUBJECT_NAMES.find(each => each === name)
  if (subject === undefined) throw new Error(`there is no ${name} to measure; there are ${SUBJECT_NAMES.join(', ')}`)
  return subject
}
