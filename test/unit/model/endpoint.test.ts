import { addressesOfEndpoint, instanceIdOf, isInstanceEndpoint, namespaceOfEndpoint } from '../../../lib/model/endpoint'

const INSTANCE = 'http://MQ_INST_123_abc.mq.example.org:80'

describe('name server endpoints', () => {
  it('knows those of cloud instances, with and without a scheme', () => {
    expect([isInstanceEndpoint(INSTANCE), isInstanceEndpoint('MQ_INST_1_2.x')]).toEqual([true, true])
    expect([isInstanceEndpoint('127.0.0.1:9876'), isInstanceEndpoint('MQ_INST_1.x')]).toEqual([false, false])
  })

  it('implies a namespace for instances and none for addresses', () => {
    expect(namespaceOfEndpoint(INSTANCE)).toBe('MQ_INST_123_abc')
    expect(namespaceOfEndpoint('name.example.org:9876')).toBeUndefined()
  })

  it('gives the addresses without the scheme', () => {
    expect([addressesOfEndpoint('http://a:1;b:2'), addressesOfEndpoint('a:1')]).toEqual(['a:1;b:2', 'a:1'])
  })

  it('refuses to name the instance of an endpoint without a domain', () => {
    expect(() => instanceIdOf('http://localhost:80')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
