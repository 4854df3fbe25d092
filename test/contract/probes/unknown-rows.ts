import { command } from '../../../lib/commands/command'
import { byVersion, since5 } from './expected'
import { rowsOf } from './probe'

/** A code that no server of any version knows. */
const UNKNOWN_CODE = 9999
const NOT_SUPPORTED = ` request type ${UNKNOWN_CODE} not supported`

const unknown = (peer: 'broker' | 'namesrv') =>
  rowsOf(command('UNKNOWN_REQUEST', { code: UNKNOWN_CODE, peer, request: {}, response: {} }))

export const UNKNOWN_ROWS = [
  unknown('broker')({
    name: 'a request that brokers do not know is told',
    request: () => ({}),
    code: 'REQUEST_CODE_NOT_SUPPORTED',
    answer: { remark: NOT_SUPPORTED },
  }),
  unknown('namesrv')({
    name: 'a request that name servers do not know is told; those of 4.9 say nothing',
    request: () => ({}),
    code: byVersion({ '4.9': 'NO_ANSWER', '5': 'REQUEST_CODE_NOT_SUPPORTED' } as const),
    answer: { remark: since5(NOT_SUPPORTED) },
  }),
]
