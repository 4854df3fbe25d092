import type { MicroRow } from '../micro/micro-result'
import { SUBJECT_NAMES } from '../micro/subjects'
import { circumstancesOf } from './circumstances'
import { whole } from './numbers'
import { markdownTable } from './page'
import type { StoredMicro } from './stored-results'

const HEAD = ['part', '', 'ns/op', 'MB/s', 'heap bytes/op']

/** Text of the page about parts; of each subject the newest figures, which may be of different runs. */
export function microSection(results: readonly StoredMicro[]): string {
  const newest = SUBJECT_NAMES.flatMap(subject => {
    const result = results.find(({ cases }) => cases.some(each => each.subject === subject))
    return result === undefined ? [] : [{ subject, result }]
  })
  const rows = newest.flatMap(({ subject, result }) => {
    const cases = result.cases.filter(each => each.subject === subject)
    return cases.flatMap(rowsOf)
  })
  const missing = newest.flatMap(({ subject, result }) =>
    result.cases.flatMap(each => (each.subject === subject && 'notMeasured' in each ? [`- ${missingOf(each)}`] : [])),
  )
  const table = markdownTable([HEAD, ...rows], 2)
  const notes = missing.length === 0 ? [] : [missing.join('\n')]
  return [`${circumstancesOf(newest.map(({ result }) => result))}.`, table, ...notes].join('\n\n')
}

function missingOf({ subject, name, notMeasured }: Extract<MicroRow, { notMeasured: unknown }>): string {
  return `${subject}, ${name}: ${notMeasured}`
}

/** None where it was not measured. */
function rowsOf(row: MicroRow): string[][] {
  if ('notMeasured' in row) return []
  const { subject, name, nsPerOp, bytesPerSecond, allocatedPerOp } = row
  const cells = [
    subject,
    name,
    nsPerOp < 100 ? nsPerOp.toFixed(1) : whole(nsPerOp),
    bytesPerSecond === undefined ? '' : whole(bytesPerSecond / 1e6),
    allocatedPerOp === undefined ? '' : whole(allocatedPerOp),
  ]
  return [cells]
}
