import type { RunningCluster } from '../../support/running-cluster'
import { exceptionRemark } from './answers'
import type { Difference } from './differences'
import type { Probe } from './probe'

/** Something in which answers may differ from their rows. Each one still occurs, or the tests say so. */
export interface AllowedDifference {
  readonly what: string
  readonly reason: string
  /** Where it occurs: on the emulator or on the real servers, and in which generations. */
  readonly on: Pick<RunningCluster, 'kind'> & Partial<Pick<RunningCluster, 'version'>>
  readonly allows: (difference: Difference, probe: Probe) => boolean
}

export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  {
    what: 'an empty header, or an empty remark, where the row has none; any remark to requests without a required field',
    reason:
      'whether a frame says nothing or leaves it out depends on how far a Java handler came; readers see no difference. What a null pointer says depends on whether the method has been compiled by then',
    on: { kind: 'real' },
    allows: ({ path, kind, actual }, { lacks }) =>
      kind === 'unexpected' &&
      ((path === 'fields' && isEmpty(actual)) || (path === 'remark' && (actual === '' || lacks.length > 0))),
  },
  {
    what: 'no header where the row has an empty one',
    reason: 'as above, for rows whose fields are those of the other generation',
    on: { kind: 'real', version: '4.9' },
    allows: ({ path, kind, expected }) => kind === 'missing' && path === 'fields' && isEmpty(expected),
  },
  {
    what: 'topicPutTps in topic stats',
    reason: 'a rate for dashboards, new in 5.x; the emulator measures none, and readers take none for 0',
    on: { kind: 'real', version: '5' },
    allows: ({ path, kind }) => kind === 'unexpected' && path === 'json.topicPutTps',
  },
  {
    what: 'what the remark of an exception says',
    reason: 'real ones name a Java class, its message and a line of its source; a remark is for people to read',
    on: { kind: 'emulator' },
    allows: ({ path, kind, expected }) => kind === 'other' && path === 'remark' && expected === exceptionRemark,
  },
  {
    what: 'requests without a required field',
    reason:
      'the emulator refuses them with SYSTEM_ERROR where it reads the header; real ones go on with null or 0 and stumble later, each in its own way. No client sends them',
    on: { kind: 'emulator' },
    allows: ({ path, actual, kind }, { lacks }) =>
      lacks.length > 0 &&
      (path === 'code' ? actual === 'SYSTEM_ERROR' : path === 'fields' ? kind === 'missing' : path === 'remark'),
  },
  {
    what: 'a name server of 4.9 does not answer what it does not know',
    reason:
      'a request that the emulator does not know may be one that it will know later; its user should hear that and not wait',
    on: { kind: 'emulator', version: '4.9' },
    allows: (_, { codes }) => codes['4.9'] === 'NO_ANSWER',
  },
]

function isEmpty(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && Object.keys(fields).length === 0
}
