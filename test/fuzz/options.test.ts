import { readFuzzOptions } from './options'

describe('the options of fuzzing', () => {
  it('are a minute for all readers where nothing else is said', () => {
    expect(readFuzzOptions([], 7)).toMatchObject({ minutes: 1, seed: 7 })
    expect(readFuzzOptions([], 7).targets).toContain('frames')
  })

  it('can be said', () => {
    const args = ['--minutes', '0.5', '--seed', '3', '--target', 'lz4']
    expect(readFuzzOptions(args, 7)).toEqual({ minutes: 0.5, seed: 3, targets: ['lz4'] })
  })

  it('are refused where they cannot be meant', () => {
    expect(() => readFuzzOptions(['--minutes', '0'], 1)).toThrow('--minutes')
    expect(() => readFuzzOptions(['--seed', 'x'], 1)).toThrow('--seed')
    expect(() => readFuzzOptions(['--target', 'x'], 1)).toThrow('--target')
  })
})
