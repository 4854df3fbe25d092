import { table } from '../results'
import type { MicroAnswer } from './program'

/** Figures of one case, or why there are none. */
export type MicroRow = { readonly subject: string; readonly name: string } & MicroAnswer

/** All that one run measured. */
export interface MicroResult {
  readonly kind: 'micro'
  /** Folder of the build, where it is not this one. */
  readonly library?: string
  readonly cases: readonly MicroRow[]
}

/** A line per case. */
export function formatMicro({ cases }: MicroResult): string {
  const rows = cases.map(row => {
    if ('notMeasured' in row) return [row.subject, row.name, `not measured: ${row.notMeasured}`]
    const { bytesPerSecond, allocatedPerOp } = row
    return [
      row.subject,
      row.name,
      nanoseconds(row.nsPerOp),
      `±${row.rme.toFixed(1)} %`,
      bytesPerSecond === undefined ? '' : rounded(bytesPerSecond / 1e6),
      allocatedPerOp === undefined ? '' : rounded(allocatedPerOp),
    ]
  })
  const measured = rows.filter(row => row.length > 3)
  const missing = rows.filter(row => row.length === 3).map(row => `${row[0]}, ${row[1]}: ${row[2]}`)
  const lines = table([['', '', 'ns/op', '', 'MB/s', 'heap bytes/op'], ...measured], 2)
  return [...lines, ...missing].join('\n')
}

const nanoseconds = (value: number): string => (value < 100 ? value.toFixed(1) : rounded(value))
const rounded = (value: number): string => Math.round(value).toLocaleString('en')
