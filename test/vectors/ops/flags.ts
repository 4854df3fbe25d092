import {
  isAccessible,
  isInherited,
  isPriority,
  isReadable,
  isValidPerm,
  isWritable,
  permText,
} from '../../../lib/model/perm'
import {
  buildPullSysFlag,
  readPullSysFlag,
  withoutCommitOffset,
  withoutSuspend,
} from '../../../lib/model/pull-sys-flag'
import { buildSubscriptionSysFlag, buildTopicSysFlag } from '../../../lib/model/unit-flag'
import type { Op } from '../vector-file'

export const ops: Readonly<Record<string, Op>> = {
  buildPullSysFlag: input => ({ sysFlag: buildPullSysFlag({ ...input }) }),
  readPullSysFlag: input => {
    const sysFlag = Number(input['sysFlag'])
    return {
      ...readPullSysFlag(sysFlag),
      clearCommitOffset: withoutCommitOffset(sysFlag),
      clearSuspend: withoutSuspend(sysFlag),
    }
  },
  perm: input => {
    const perm = Number(input['perm'])
    return {
      string: permText(perm),
      readable: isReadable(perm),
      writable: isWritable(perm),
      inherited: isInherited(perm),
      valid: isValidPerm(perm),
      priority: isPriority(perm),
      accessible: isAccessible(perm),
    }
  },
  buildTopicSysFlag: input => ({
    sysFlag: buildTopicSysFlag({ unit: input['unit'] === true, hasUnitSub: input['hasUnitSub'] === true }),
  }),
  buildSubscriptionSysFlag: input => ({ sysFlag: buildSubscriptionSysFlag(input['unit'] === true) }),
}
