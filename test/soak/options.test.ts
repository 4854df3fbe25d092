import { readSoakOptions } from './options'

describe('the options of a soak', () => {
  it('are ten minutes on the emulator where nothing else is said', () => {
    expect(readSoakOptions([], 7)).toEqual({ minutes: 10, target: 'emulator', seed: 7 })
  })

  it('can be said', () => {
    const args = ['--minutes', '0.5', '--target', 'real', '--seed', '3']
    expect(readSoakOptions(args, 7)).toEqual({ minutes: 0.5, target: 'real', seed: 3 })
  })

  it('are refused where they cannot be meant', () => {
    expect(() => readSoakOptions(['--minutes', 'x'], 1)).toThrow('--minutes')
    expect(() => readSoakOptions(['--target', 'x'], 1)).toThrow('--target')
    expect(() => readSoakOptions(['--seed', '1.5'], 1)).toThrow('--seed')
  })
})
