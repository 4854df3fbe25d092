import { readBenchOptions } from '../../bench/options'

describe('the options of the benchmark', () => {
  it('measures three rounds on the emulator unless told otherwise', () => {
    expect(readBenchOptions(['send'])).toMatchObject({ scenario: 'send', target: 'emulator', rounds: 3 })
    expect(readBenchOptions(['consume', '--target', '10.0.0.1:9876', '--n', '5'])).toMatchObject({
      target: '10.0.0.1:9876',
      rounds: 5,
    })
  })

  it.each([
    [[], 'name one scenario'],
    [['toString'], 'name one scenario'],
    [['send', 'consume'], 'name one scenario'],
    [['send', '--n', '0'], '--n must be'],
    [['send', '--messages', '1.5'], '--messages must be'],
    [['send', '--unknown'], 'unknown'],
  ])('refuses %j', (args, says) => {
    expect(() => readBenchOptions(args)).toThrow(says)
  })
})
