import fc from '../../support/property'
import {
  hasNamespace,
  namespaceOf,
  unwrapNamespace,
  withoutAnyNamespace,
  withoutRetryAndDlq,
  wrapNamespace,
} from '../../../lib/model/namespace'
import { isSystemGroup } from '../../../lib/model/names'
import { isSystemTopic } from '../../../lib/model/system-topics'

const plain = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/).filter(name => !isSystemTopic(name) && !isSystemGroup(name))
const prefix = fc.constantFrom('', '%RETRY%', '%DLQ%')

describe('namespaces', () => {
  it('puts the namespace before a name, behind the prefix of retry and dead letters', () => {
    expect(wrapNamespace('ns', 'T')).toBe('ns%T')
    expect(wrapNamespace('ns', '%RETRY%G')).toBe('%RETRY%ns%G')
    expect(wrapNamespace('ns', '%DLQ%G')).toBe('%DLQ%ns%G')
  })

  it('wraps once and unwraps to what it was', () => {
    fc.assert(
      fc.property(plain, prefix, plain, (namespace, start, rest) => {
        const wrapped = wrapNamespace(namespace, start + rest)
        expect(wrapNamespace(namespace, wrapped)).toBe(wrapped)
        expect(unwrapNamespace(namespace, wrapped)).toBe(start + rest)
        expect([hasNamespace(namespace, wrapped), namespaceOf(wrapped)]).toEqual([true, namespace])
      }),
    )
  })

  it.each(['TBW102', 'rmq_sys_x', 'CID_RMQ_SYS_TRANS', ''])('leaves the system name %j alone', name => {
    expect([wrapNamespace('ns', name), hasNamespace('ns', name), namespaceOf(name)]).toEqual([name, false, ''])
  })

  it('leaves names of other namespaces alone when unwrapping', () => {
    expect(unwrapNamespace('ns', 'ns2%T')).toBe('ns2%T')
    expect(unwrapNamespace('ns', 'T')).toBe('T')
    expect(unwrapNamespace('', 'ns%T')).toBe('ns%T')
  })

  it('does nothing without a namespace', () => {
    expect([wrapNamespace('', 'T'), hasNamespace('', '%T')]).toEqual(['T', false])
  })

  it('takes any namespace off', () => {
    expect([withoutAnyNamespace('%RETRY%a%G'), withoutAnyNamespace('T'), withoutAnyNamespace('%T')]).toEqual([
      '%RETRY%G',
      'T',
      '%T',
    ])
  })

  it('takes one prefix off, the first', () => {
    expect([withoutRetryAndDlq('%RETRY%%DLQ%G'), withoutRetryAndDlq('G')]).toEqual(['%DLQ%G', 'G'])
  })
})
