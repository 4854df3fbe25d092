import { type RoundFigures, formatResult, median } from '../../bench/results'

const round = (perSecond: number, otherCores: number | null = 0, missing = 0): RoundFigures => ({
  perSecond,
  cpuPerMessage: 1e6 / perSecond,
  serverCpuPerMessage: null,
  otherCores,
  peakMemory: null,
  missing,
  errors: 0,
  latency: null,
})

function format(rounds: Record<string, RoundFigures[]>): string {
  return formatResult({ kind: 'scenario', notes: [], title: 'send', target: 'the emulator', messages: 1000, rounds })
}

describe('the table of a benchmark', () => {
  it('takes the median of the ratios within each round, so that a slow round of both counts as one', () => {
    const text = format({ ceiling: [round(100), round(1000), round(10)], ours: [round(50), round(700), round(8)] })
    expect(text).toMatch(/^ceiling +100 +10-1,000 +0\.70 /m)
  })

  it('says when others used the machine', () => {
    expect(format({ ceiling: [round(1, 0.1)], ours: [round(1, 0.1)] })).toContain('the machine was quiet')
    expect(format({ ceiling: [round(1, 0.1)], ours: [round(1, 0.9)] })).toContain('NOT QUIET')
    expect(format({ ceiling: [round(1, null)], ours: [round(1, null)] })).toContain('cannot be told')
  })

  it('says when messages were sent and not stored', () => {
    expect(format({ ceiling: [round(1)], ours: [round(1, 0, 7)] })).toContain(
      'ours: 7 messages were sent, but not stored',
    )
    expect(format({ ceiling: [round(1)], ours: [round(1)] })).not.toContain('not stored')
  })

  it('has the mean of the two in the middle as the median of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([3, 1, 2])).toBe(2)
  })
})
