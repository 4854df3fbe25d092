import { appendFileSync } from 'node:fs'
import type { Ledger, LedgerFigures } from './ledger'
import type { Recovery } from './recovery-clock'
import type { RunningCluster } from './running-cluster'

/** What a row of the fault matrix has come to at one place; a line of the file that ROCKETWIRE_FIGURES names. */
export interface FaultReport {
  /** Of the matrix; `cluster` for what it has no row for. */
  readonly row: number | 'cluster'
  readonly fault: string
  readonly place: Place
  readonly figures: LedgerFigures
  readonly recovery: Partial<Recovery>
  /** Whatever else was measured, in words. */
  readonly also?: string
}

/** Columns of the table. */
export const PLACES = ['emulator', 'emulator of 4.9', 'RocketMQ 5.5.0', 'RocketMQ 4.9.4'] as const
export type Place = (typeof PLACES)[number]

/** What is asked of the books of a fault. */
export type Tally = Pick<Ledger, 'figures' | 'lost' | 'strangers' | 'unexplained'>

export interface FaultCase extends Omit<FaultReport, 'place' | 'figures' | 'recovery'> {
  readonly ledger: Tally
  readonly recovery?: Recovery
  /** The matrix's limit of both times, ms. */
  readonly withinMs?: number
}

/**
 * Notes the figures of a fault for the table, and throws where they are not what holds for each of them: an acknowledged
 * message is lost, one came again that was settled before, one came that nobody sent, or it took far longer than allowed.
 */
export function tellFault(
  { kind, version }: Pick<RunningCluster, 'kind' | 'version'>,
  { row, fault, ledger, recovery, withinMs, also }: FaultCase,
): void {
  const { figures } = ledger
  const report: FaultReport = {
    row,
    fault,
    place: PLACES[(kind === 'emulator' ? 0 : 2) + (version === '5' ? 0 : 1)] as Place,
    figures,
    recovery: recovery ?? {},
    ...(also !== undefined && { also }),
  }
  const file = process.env.ROCKETWIRE_FIGURES
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(report)}\n`)
  const defects = defectsOf(ledger, recovery, withinMs)
  if (defects.length > 0)
    throw new Error(`${row === 'cluster' ? row : `fault ${row}`}, ${fault}: ${defects.join('; ')}`)
}

/** The limits are for a machine of one's own. Here it is shared with servers and other tests: only far more is a defect. */
const BUSY = 4

function defectsOf(ledger: Tally, recovery: Recovery | undefined, withinMs = Infinity): string[] {
  const { lost, unexplained, strangers, figures } = ledger
  const defects = Object.entries({
    'acknowledged and lost': lost,
    'settled and yet repeated': unexplained,
    'never sent': strangers,
  }).flatMap(([what, ids]) => (ids.length === 0 ? [] : [`${ids.length} ${what}: ${ids.slice(0, 5).join(', ')}`]))
  if (figures.consumed === 0) defects.push('nothing was consumed, so nothing was shown')
  for (const [what, ms] of Object.entries(recovery ?? {}) as [string, number | undefined][]) {
    if (ms === undefined) defects.push(`${what}: it did not go on`)
    else if (ms > withinMs * BUSY) defects.push(`${what}: ${Math.round(ms)} ms, far above the limit of ${withinMs}`)
  }
  return defects
}
