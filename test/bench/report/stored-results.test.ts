import { newestResults } from '../../../bench/report/stored-results'

const file = (at: string, name: string, result: object): { name: string; text: string } => ({
  name: `2026-11-${at}T02-00-00.000Z-${name}.json`,
  text: JSON.stringify({ at: `2026-11-${at}T02:00:00.000Z`, ...result }),
})

describe('the results that are reported', () => {
  it('are the newest of each scenario on each target, in whatever order the files come', () => {
    const scenario = (target: string, messages: number): object => ({ kind: 'scenario', target, messages })
    const { scenarios } = newestResults([
      file('02', 'send', scenario('RocketMQ 5.5.0', 2)),
      file('03', 'send', scenario('RocketMQ 5.5.0', 3)),
      file('01', 'send', scenario('RocketMQ 5.5.0', 1)),
      file('01', 'send', scenario('the emulator', 4)),
      file('01', 'sync', scenario('RocketMQ 5.5.0', 5)),
    ])
    const told = scenarios.map(({ scenario: name, target, messages }) => [name, target, messages])
    expect(told.sort()).toEqual([
      ['send', 'RocketMQ 5.5.0', 3],
      ['send', 'the emulator', 4],
      ['sync', 'RocketMQ 5.5.0', 5],
    ])
  })

  it('are the newest of each curve', () => {
    const growth = (name: string, slope: number): object => ({ kind: 'growth', name, slope })
    const results = newestResults([
      file('01', 'growth-queues', growth('queues', 1)),
      file('02', 'growth-queues', growth('queues', 2)),
      file('01', 'growth-topics', growth('topics', 3)),
    ])
    expect(results.growth.map(({ name, slope }) => [name, slope])).toEqual([
      ['queues', 2],
      ['topics', 3],
    ])
  })

  it('are all microbenchmarks of builds of this work tree, newest first', () => {
    const { micro } = newestResults([
      file('01', 'micro', { kind: 'micro', cases: [] }),
      file('02', 'micro', { kind: 'micro', cases: [] }),
      file('03', 'micro', { kind: 'micro', library: '/other', cases: [] }),
    ])
    expect(micro.map(({ at }) => at.slice(0, 10))).toEqual(['2026-11-02', '2026-11-01'])
  })

  it.each(['loop', 'startup'] as const)('are the newest of %s', kind => {
    const result = (name: string): object => ({ kind, rows: [{ name }] })
    expect(newestResults([file('01', kind, result('old')), file('02', kind, result('new'))])[kind]).toMatchObject({
      rows: [{ name: 'new' }],
    })
  })

  it('are not those of other kinds, nor other files', () => {
    const files = [file('01', 'gate', { kind: 'gate' }), { name: 'notes.json', text: '{ "kind": "growth" }' }]
    expect(newestResults(files)).toEqual({ scenarios: [], growth: [], micro: [], loop: undefined, startup: undefined })
  })

  it('are not those of trials', () => {
    const send = (messages: number): object => ({ kind: 'scenario', target: 'the emulator', messages })
    const { scenarios } = newestResults([
      file('01', 'send', send(1)),
      file('02', 'send', { ...send(2), isTrial: true }),
    ])
    expect(scenarios.map(({ messages }) => messages)).toEqual([1])
  })

  it('are missing where a file is damaged, which it says', () => {
    const damaged = { ...file('01', 'send', {}), text: '{' }
    expect(() => newestResults([damaged])).toThrow('2026-11-01T02-00-00.000Z-send.json is no file of results')
  })
})
