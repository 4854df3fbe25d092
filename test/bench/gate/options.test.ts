import { readGateOptions } from '../../../bench/gate/options'
import { WrongUse } from '../../../bench/script'

describe('the options of the gate', () => {
  it('compares with the last release in five rounds unless told otherwise', () => {
    expect(readGateOptions([])).toMatchObject({ against: undefined, rounds: 5 })
    expect(readGateOptions(['--against', 'v1.0.0', '--n', '3'])).toMatchObject({ against: 'v1.0.0', rounds: 3 })
  })

  it('compares by all parts unless some are named', () => {
    expect(readGateOptions([]).parts).toEqual(expect.arrayContaining(['frames', 'channel', 'send', 'sync', 'consume']))
    expect(readGateOptions(['channel', 'send']).parts).toEqual(['channel', 'send'])
  })

  it.each([
    [['--n', '0'], '--n must be'],
    [['--n', 'many'], '--n must be'],
    [['--unknown'], 'unknown'],
    [['orderly'], 'there is no orderly'],
    [['--against'], 'against'],
  ])('refuses %j as wrong use', (args, says) => {
    expect(() => readGateOptions(args)).toThrow(WrongUse)
    expect(() => readGateOptions(args)).toThrow(says)
  })
})
