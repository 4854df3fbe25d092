import { OtherLoad } from '../../bench/other-load'

jest.mock('../../bench/machine', () => ({
  ...jest.requireActual<object>('../../bench/machine'),
  cpuSecondsOf: () => 0,
  machineCpuSeconds: () => (used += 3600),
}))

/** Of the machine, seconds: an hour more with each look. */
let used = 0

describe('what others use of the machine', () => {
  it('is what neither this process nor those that ended meanwhile have used', () => {
    const load = new OtherLoad()
    load.ended(1800)
    load.ended(1800)
    load.look()
    expect(load.told()).toContain('was quiet: others used at most 0.00 cores')
    load.ended(1800)
    load.look()
    expect(load.told()).toContain('NOT QUIET')
  })
})
