import { median, table } from '../results'

/** A build that is slower than this, times the other one, fails. */
export const LEAST_RATIO = 0.85

/** What two builds are compared by. */
export interface GateItem {
  readonly subject: string
  /** Case of a microbenchmark; undefined for a scenario. */
  readonly name: string | undefined
}

/** Rates of this build to those of the other, of one round each; above 1 this one is quicker. */
export interface Compared {
  readonly item: GateItem
  readonly ratios: readonly number[]
  /** Of the first measurement, where this is the second. */
  readonly before?: number
}

/** One of the builds cannot be measured by it. */
export interface NotCompared {
  readonly item: GateItem
  readonly reason: string
  /** Only this build cannot. */
  readonly isLost?: boolean
}

export type GateRow = Compared | NotCompared

/** Whether this build passes by a row; what the other one cannot do says nothing of it. */
export function passes(row: GateRow): boolean {
  return 'reason' in row ? row.isLost !== true : median(row.ratios) >= LEAST_RATIO
}

/**
 * The rows with those in the place of which something was measured again. What failed at first counts by the second measurement,
 * so that a moment in which the machine had other things to do fails nothing.
 */
export function withSecondTry(rows: readonly GateRow[], again: readonly GateRow[]): GateRow[] {
  return rows.map(row => {
    const second = again.find(({ item }) => item.subject === row.item.subject && item.name === row.item.name)
    if (second === undefined || 'reason' in second || 'reason' in row) return row
    return { ...second, before: median(row.ratios) }
  })
}

/** 0 where all passes, 1 where something does not, or nothing could be compared at all. */
export function exitCodeOf(rows: readonly GateRow[]): number {
  const isAnyCompared = rows.some(row => 'ratios' in row)
  return isAnyCompared && rows.every(passes) ? 0 : 1
}

/** A line per row, and what it comes to. */
export function formatGate(rows: readonly GateRow[], other: string): string {
  const compared = rows.flatMap(row => ('reason' in row ? [] : [row]))
  const lines = compared.map(row => {
    const { item, ratios, before } = row
    return [
      item.subject,
      item.name ?? 'on the emulator',
      median(ratios).toFixed(2),
      `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
      before === undefined ? '' : before.toFixed(2),
      passes(row) ? '' : 'SLOWER',
    ]
  })
  const left = rows.flatMap(row => ('reason' in row ? [`${titleOf(row.item)}: not compared, ${row.reason}`] : []))
  return [
    `speed of this build in relation to that of ${other}: medians, above 1 this one is quicker`,
    ...table([['', '', 'median', 'spread', 'at first', ''], ...lines], 2),
    ...left,
    summaryOf(rows, left.length),
  ].join('\n')
}

function summaryOf(rows: readonly GateRow[], left: number): string {
  const compared = rows.filter(row => 'ratios' in row)
  const failed = rows.filter(row => !passes(row)).map(({ item }) => titleOf(item))
  const missing = left === 0 ? '' : `; ${left} could not be compared`
  if (compared.length === 0) return 'FAILED: nothing could be compared'
  if (failed.length === 0) return `passed: none of ${compared.length} is below ${LEAST_RATIO}${missing}`
  return `FAILED: ${failed.length} of ${rows.length} are below ${LEAST_RATIO} or lost: ${failed.join('; ')}${missing}`
}

function titleOf({ subject, name }: GateItem): string {
  return name === undefined ? subject : `${subject}, ${name}`
}
