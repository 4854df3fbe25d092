/** Bits of a pull request's sysFlag (Java `PullSysFlag`). */
const BIT = { COMMIT_OFFSET: 0x1, SUSPEND: 0x2, SUBSCRIPTION: 0x4, CLASS_FILTER: 0x8, LITE_PULL: 0x10 } as const

/** What a pull request asks for besides messages. */
export interface PullFlags {
  /** The request also commits an offset. */
  readonly commitOffset: boolean
  /** The broker may hold the request while there are no messages. */
  readonly suspend: boolean
  /** The request carries the subscription. */
  readonly subscription: boolean
  /** The subscription is a class of a filter server; none exist today. */
  readonly classFilter: boolean
  /** The request is one of a lite pull consumer. */
  readonly litePull: boolean
}

/** The sysFlag of a pull request; what is left out is false. */
export function buildPullSysFlag(flags: Partial<PullFlags>): number {
  return (
    (flags.commitOffset === true ? BIT.COMMIT_OFFSET : 0) |
    (flags.suspend === true ? BIT.SUSPEND : 0) |
    (flags.subscription === true ? BIT.SUBSCRIPTION : 0) |
    (flags.classFilter === true ? BIT.CLASS_FILTER : 0) |
    (flags.litePull === true ? BIT.LITE_PULL : 0)
  )
}

/** What the sysFlag of a pull request says. */
export function readPullSysFlag(sysFlag: number): PullFlags {
  return {
    commitOffset: (sysFlag & BIT.COMMIT_OFFSET) !== 0,
    suspend: (sysFlag & BIT.SUSPEND) !== 0,
    subscription: (sysFlag & BIT.SUBSCRIPTION) !== 0,
    classFilter: (sysFlag & BIT.CLASS_FILTER) !== 0,
    litePull: (sysFlag & BIT.LITE_PULL) !== 0,
  }
}

/** The flag for a slave, which takes no offsets. */
export function withoutCommitOffset(sysFlag: number): number {
  return sysFlag & ~BIT.COMMIT_OFFSET
}

/** The flag of a request that was held once already. */
export function withoutSuspend(sysFlag: number): number {
  return sysFlag & ~BIT.SUSPEND
}
