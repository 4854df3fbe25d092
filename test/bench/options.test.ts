import { readBenchOptions } from '../../bench/options'

describe('the options of the benchmark', () => {
  it('measures this client and the ceiling for five rounds on the emulator unless told otherwise', () => {
    expect(readBenchOptions(['send'])).toMatchObject({
      scenario: 'send',
      drivers: ['ours', 'ceiling'],
      target: 'emulator',
      rounds: 5,
    })
    const args = ['consume', '--target', '10.0.0.1:9876', '--n', '3', '--drivers', 'ours,java']
    expect(readBenchOptions(args)).toMatchObject({ target: '10.0.0.1:9876', rounds: 3, drivers: ['ours', 'java'] })
  })

  it('knows sends by two names', () => {
    expect(readBenchOptions(['async']).scenario).toBe('send')
  })

  it.each([
    [[], 'name one scenario'],
    [['toString'], 'name one scenario'],
    [['send', 'consume'], 'name one scenario'],
    [['send', '--n', '0'], '--n must be'],
    [['send', '--messages', '1.5'], '--messages must be'],
    [['send', '--drivers', 'ours,rust'], 'no driver rust'],
    [['send', '--unknown'], 'unknown'],
  ])('refuses %j', (args, says) => {
    expect(() => readBenchOptions(args)).toThrow(says)
  })
})
