import { growthPanels, growthSection } from '../../../bench/report/growth-section'
import { loopSection } from '../../../bench/report/loop-section'
import { startupSection } from '../../../bench/report/startup-section'
import { microSection } from '../../../bench/report/micro-section'
import { targetsSection } from '../../../bench/report/targets-section'
import { scenarioPanels, scenarioSection } from '../../../bench/report/scenario-section'
import type { StoredGrowth, StoredMicro, StoredScenario } from '../../../bench/report/stored-results'
import type { RoundFigures } from '../../../bench/results'

const WHERE = {
  at: '2026-11-22T02:00:00.000Z',
  node: 'v22.1.0',
  machine: { os: 'Linux 6.18.44-generic', cpu: 'AMD EPYC', cores: 2 },
}

const round = (perSecond: number, more: Partial<RoundFigures> = {}): RoundFigures => ({
  perSecond,
  cpuPerMessage: 1e6 / perSecond,
  serverCpuPerMessage: null,
  otherCores: 0.05,
  peakMemory: 123e6,
  missing: 0,
  errors: 0,
  latency: null,
  ...more,
})

function scenario(name: string, rounds: Record<string, RoundFigures[]>, notes: string[] = []): StoredScenario {
  const title = `title of ${name}, 1024 bytes, 8 queues`
  return { kind: 'scenario', scenario: name, title, target: 'RocketMQ 5.5.0', messages: 10, rounds, notes, ...WHERE }
}

const cellsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    )

describe('the section of scenarios', () => {
  const send = scenario('send', {
    ours: [round(100), round(300), round(200)],
    java: [round(50), round(100, { serverCpuPerMessage: 7.5 }), round(50)],
  })

  it('has a line per client with medians, and ratios of ours to it within each round', () => {
    const [, , ours, java] = cellsOf(scenarioSection([send], 'x.svg'))
    expect(ours).toEqual(['title of send', 'rocketwire', '200', '100-300', '', '5,000', '', '', '', '123'])
    expect(java).toEqual(['', 'Java', '50', '50-100', '3.00', '20,000', '0.33', '7.5', '', '123'])
  })

  it('comes in the order in which scenarios are listed, whatever was measured first', () => {
    const rounds = { ours: [round(1)] }
    const all = ['consume', 'gone', 'send'].map(name => scenario(name, rounds))
    const titles = cellsOf(scenarioSection(all, 'x.svg'))
      .slice(2)
      .map(([title]) => title)
    expect(titles).toEqual(['title of send', 'title of consume', 'title of gone'])
  })

  it('says where and when it was measured, what disturbed it and what went wrong', () => {
    const rounds = { ours: [round(1, { otherCores: 0.4, missing: 3, errors: 2 })] }
    const disturbed = scenario('sync', rounds, ['go is left out: it broke'])
    const text = scenarioSection([send, disturbed], 'x.svg')
    expect(text).toContain('2 cores of AMD EPYC, Linux 6.18, Node.js 22.1.0; 2026-11-22. 1024 bytes, 8 queues;')
    expect(text).toContain('medians of 1 to 3 rounds')
    expect(text).toContain('used 0.05 cores, at most 0.40')
    expect(text.split('\n').filter(line => line.startsWith('- '))).toEqual([
      '- title of sync: go is left out: it broke',
      '- title of sync: rocketwire: 3 messages were sent, but not stored',
      '- title of sync: rocketwire: 2 sends failed, or messages came twice',
      '- title of sync: others used up to 0.40 cores meanwhile',
    ])
    expect(text).toContain('](x.svg)')
  })

  it('leaves out other builds of this client', () => {
    const both = scenario('send', { ours: [round(1)], 'other build': [round(1)] })
    expect(cellsOf(scenarioSection([both], 'x.svg'))).toHaveLength(3)
    expect(scenarioPanels([both])[0]?.bars).toHaveLength(1)
  })

  it('draws rates with their spread, and delays where the rate is given', () => {
    const latency = { p50: 1, p99: 4 }
    const paced = scenario('e2e', { ours: [round(500, { latency }), round(500, { latency: { p50: 1, p99: 6 } })] })
    expect(scenarioPanels([send, paced])).toMatchObject([
      {
        unit: 'msgs/s',
        bars: [{ label: 'rocketwire', kind: 'ours', value: 200, low: 100, high: 300 }, { label: 'Java' }],
      },
      { title: 'title of e2e: p99', unit: 'ms', bars: [{ value: 5, low: 4, high: 6 }] },
    ])
  })
})

describe('the section of growth', () => {
  const points = [10, 1000].map(size => ({ size, cost: size / 4 }))
  const growth: StoredGrowth = { kind: 'growth', name: 'q', unit: 'ms', title: 'a round', points, slope: 1, ...WHERE }

  it('tells the costs of the first and the last size, and the slopes', () => {
    const [, , row] = cellsOf(growthSection([{ ...growth, slopeAtEnd: 1.25 }], 'x.svg'))
    expect(row).toEqual(['a round', '10', '1,000', '2.5 ms', '250 ms', '1.00', '1.25'])
  })

  it('marks what others disturbed', () => {
    const text = growthSection([growth, { ...growth, name: 'r', others: 'THE MACHINE WAS NOT QUIET: …' }], 'x.svg')
    expect(cellsOf(text).map(([title]) => title)).toEqual(['', '---', 'a round', 'a round \\*'])
    expect(text).toContain('Others used the machine')
    expect(growthSection([growth], 'x.svg')).not.toContain('Others used the machine')
  })

  it('has a panel per curve, in the order of their names', () => {
    const other = { ...growth, name: 'a', title: 'another' }
    expect(growthPanels([growth, other]).map(({ title }) => title)).toEqual(['another', 'a round'])
  })
})

describe('the section of targets', () => {
  it('tells ratios to Java, the quickest other client and the bare socket, and sets off what misses', () => {
    const send = scenario('send', {
      ours: [round(320)],
      java: [round(100)],
      'ali-ons': [round(160)],
      ceiling: [round(400)],
    })
    expect(cellsOf(targetsSection([send]))[2]).toEqual([
      'send, 256 in flight',
      '3.20, wanted 3.2',
      '**2.00**, wanted 2.1',
      '**0.80**, wanted 0.85',
      "1.25 of the bare socket's, wanted at most 2.5",
    ])
  })

  it('says nothing of clients that were not measured', () => {
    const [, , row] = cellsOf(targetsSection([scenario('batch', { ours: [round(100)] })]))
    expect(row).toEqual(['batch of 32', '', '', '', ''])
  })

  it('tells the delay end to end and the memory beside those of others', () => {
    const delayed = (p99: number): RoundFigures => round(500, { latency: { p50: 1, p99 } })
    const text = targetsSection([
      scenario('e2e', { ours: [delayed(3)], java: [delayed(4)], go: [delayed(2.5)] }),
      scenario('consume', { ours: [round(1, { peakMemory: 1e8 })], 'ali-ons': [round(1, { peakMemory: 2e8 })] }),
    ])
    expect(text).toContain('p99 **3.00** ms, wanted at most that of the best other client, 2.50 ms')
    expect(text).toContain('100.00 MB at most, wanted at most that of ali-ons, 200 MB')
  })
})

describe('the section of the event loop', () => {
  it('tells the blocks beside those of the idle loop, and what disturbed it', () => {
    const idle = { longestMs: 2, p99Ms: 1.25 }
    const rows = [{ name: 'consume, LZ4', longestMs: 17.04, worstMs: 21.5, p99Ms: 12, idle }]
    const text = loopSection({ kind: 'loop', rounds: 5, rows, others: 'The machine was quiet.', ...WHERE })
    expect(cellsOf(text)[2]).toEqual(['consume, LZ4', '17.0', '21.5', '12.0', '2.0', '1.3'])
    expect(text).toContain('2026-11-22; medians of 5 rounds. The machine was quiet.')
  })
})

describe('the section of starts', () => {
  it('tells what counts, the limit where there is one, and the size with and without packages', () => {
    const bare = { name: 'bare', wallMs: 50.4, leastMs: 49, cpuMs: 44, measuredMs: 50 }
    const loaded = { name: 'loaded', wallMs: 90, leastMs: 88, cpuMs: 80.6, measuredMs: 39.6, target: 40 }
    const sizes = { ownBytes: 2 ** 20, dependencyBytes: { long: 2 ** 19, debug: 2 ** 19 } }
    const text = startupSection({ kind: 'startup', rounds: 7, rows: [bare, loaded], ...sizes, ...WHERE })
    expect(cellsOf(text).slice(2)).toEqual([
      ['`bare`', '50', '49', '44', '50', ''],
      ['`loaded`', '90', '88', '81', '40', '40'],
    ])
    expect(text).toContain('medians of 7.')
    expect(text).toContain('Installed: 1.00 MiB; 2.00 MiB with `long`, `debug`.')
  })
})

describe('the section of parts', () => {
  const figures = { nsPerOp: 1234, leastNsPerOp: 1, rme: 1, samples: 9, bytesPerSecond: 2e6, allocatedPerOp: undefined }
  const micro = (name: string, subject: string): StoredMicro => ({
    kind: 'micro',
    cases: [
      { subject, name, ...figures },
      { subject, name: 'lacking', notMeasured: 'no ZSTD' },
    ],
    ...WHERE,
  })

  it('has the newest figures of each subject, and nothing of what was not measured', () => {
    const rows = cellsOf(microSection([micro('newest', 'codecs'), micro('other', 'frames'), micro('old', 'codecs')]))
    expect(rows.slice(2)).toEqual([
      ['frames', 'other', '1,234', '2', ''],
      ['codecs', 'newest', '1,234', '2', ''],
    ])
  })
})
