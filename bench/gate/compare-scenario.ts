import { measure } from '../measure'
import { readBenchOptions } from '../options'
import type { BenchResult } from '../results'
import type { ScenarioName } from '../scenarios'
import type { CompareOptions } from './compare-micro'
import type { Compared } from './verdict'

/** Measures a scenario on the emulator with both builds as the client; the emulator is that of this build. */
export async function compareScenario(
  name: ScenarioName,
  { library, rounds, patience, say, signal }: CompareOptions,
): Promise<Compared> {
  say(`${name} on the emulator`)
  const args = [name, '--drivers', 'ours', '--n', `${rounds}`, '--against', library]
  const options = { ...readBenchOptions(args), patience }
  return { item: { subject: name, name: undefined }, ratios: ratiosOf(await measure(options, { say, signal })) }
}

/** Of the rates within each round. */
export function ratiosOf({ rounds }: Pick<BenchResult, 'rounds'>): number[] {
  const { ours = [], 'other build': other = [] } = rounds
  const ratios = ours.flatMap((each, i) => (other[i] === undefined ? [] : each.perSecond / other[i].perSecond))
  if (ratios.length === 0) throw new Error('no round was measured with both builds')
  return ratios
}
