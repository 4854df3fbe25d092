import fc from '../../support/property'
import {
  buildPullSysFlag,
  readPullSysFlag,
  withoutCommitOffset,
  withoutSuspend,
} from '../../../lib/model/pull-sys-flag'

const flags = fc.record({
  commitOffset: fc.boolean(),
  suspend: fc.boolean(),
  subscription: fc.boolean(),
  classFilter: fc.boolean(),
  litePull: fc.boolean(),
})

describe('the sysFlag of a pull', () => {
  it('has a bit for each wish', () => {
    expect(buildPullSysFlag({})).toBe(0)
    expect(buildPullSysFlag({ commitOffset: true })).toBe(1)
    expect(buildPullSysFlag({ suspend: true })).toBe(2)
    expect(buildPullSysFlag({ subscription: true })).toBe(4)
    expect(buildPullSysFlag({ classFilter: true })).toBe(8)
    expect(buildPullSysFlag({ litePull: true })).toBe(16)
  })

  it('says what it was built from', () => {
    fc.assert(fc.property(flags, wishes => expect(readPullSysFlag(buildPullSysFlag(wishes))).toEqual(wishes)))
  })

  it('loses one bit and keeps the others', () => {
    fc.assert(
      fc.property(flags, wishes => {
        const sysFlag = buildPullSysFlag(wishes)
        expect(readPullSysFlag(withoutCommitOffset(sysFlag))).toEqual({ ...wishes, commitOffset: false })
        expect(readPullSysFlag(withoutSuspend(sysFlag))).toEqual({ ...wishes, suspend: false })
      }),
    )
  })
})
