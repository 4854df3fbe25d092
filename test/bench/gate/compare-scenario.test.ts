import { ratiosOf } from '../../../bench/gate/compare-scenario'
import type { RoundFigures } from '../../../bench/results'

const NOTHING = { serverCpuPerMessage: null, otherCores: null, peakMemory: null, missing: 0, errors: 0, latency: null }
const round = (perSecond: number): RoundFigures => ({ perSecond, cpuPerMessage: 1, ...NOTHING })

describe('the ratios of a scenario', () => {
  it('are those of the two builds within each round', () => {
    expect(ratiosOf({ rounds: { ours: [round(10), round(30)], 'other build': [round(20), round(15)] } })).toEqual([
      0.5, 2,
    ])
  })

  it('cannot be told without a round of both', () => {
    expect(() => ratiosOf({ rounds: { ours: [round(10)] } })).toThrow('no round')
  })
})
