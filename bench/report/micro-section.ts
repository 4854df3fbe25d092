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
  return `${circumstancesOf(newest.map(({ result }) => result))}.\n\n${markdownTable([HEAD, ...rows], 2)}`
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
