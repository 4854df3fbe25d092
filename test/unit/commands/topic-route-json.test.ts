import { brokerDataOf, plainBrokerData, plainTopicRoute, topicRouteOf } from '../../../lib/commands/topic-route-json'
import type { TopicRoute } from '../../../lib/model/topic-route'
import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { writeFastjson } from '../../../lib/wire/fastjson-writer'

const ROUTE: TopicRoute = {
  orderTopicConf: 'b:4',
  queueDatas: [{ brokerName: 'b', readQueueNums: 4, writeQueueNums: 8, perm: 6, topicSysFlag: 1 }],
  brokerDatas: [
    {
      cluster: 'c',
      brokerName: 'b',
      brokerAddrs: new Map([
        [0, '10.0.0.1:10911'],
        [1, '[fe80::1]:10911'],
      ]),
      zoneName: 'z',
    },
  ],
}

const read = (text: string) => topicRouteOf(readFastjson(text))
const malformed = expect.objectContaining({ code: 'PROTOCOL_ERROR' })

describe('topicRouteOf', () => {
  it.each([false, true])('reads what plainTopicRoute writes, bare broker ids or not (%p)', bareBrokerIds => {
    expect(read(writeFastjson(plainTopicRoute({ ...ROUTE, bareBrokerIds })))).toEqual(ROUTE)
  })

  it('reads a route of which most is left out', () => {
    expect(read('{}')).toEqual({ queueDatas: [], brokerDatas: [] })
    expect(read('{"queueDatas":[{"brokerName":"b"}],"brokerDatas":[{"brokerName":"b"}]}')).toEqual({
      queueDatas: [{ brokerName: 'b', readQueueNums: 0, writeQueueNums: 0, perm: 0, topicSysFlag: 0 }],
      brokerDatas: [{ cluster: '', brokerName: 'b', brokerAddrs: new Map() }],
    })
  })

  it.each(['-1', '1.5', '65537', '4294967296', '"4"'])('refuses %s queues on a broker', nums => {
    expect(() => read(`{"queueDatas":[{"brokerName":"b","readQueueNums":${nums}}]}`)).toThrow(malformed)
    expect(() => read(`{"queueDatas":[{"brokerName":"b","writeQueueNums":${nums}}]}`)).toThrow(malformed)
  })

  it.each(['[]', '7', '"route"', '{"queueDatas":{}}', '{"queueDatas":[{}]}', '{"brokerDatas":[{}]}'])(
    'refuses %s',
    text => {
      expect(() => read(text)).toThrow(malformed)
    },
  )

  it('reads who hosts the queues of a static topic', () => {
    const mapping = (bname: string, ids: string, epoch: string): string =>
      `{"topic":"T","scope":"__global__","totalQueues":2,"bname":"${bname}","epoch":${epoch},"dirty":false,"currIdMap":${ids}}`
    const text = `{"queueDatas":[],"brokerDatas":[],"topicQueueMappingByBroker":{"a":${mapping('a', '{0:0,1:1}', '5')},"b":${mapping('b', '{"1":3}', '9223372036854775807')}}}`
    const { logicalQueues } = read(text)
    expect(Object.fromEntries(logicalQueues?.get('__syslo__global__') ?? [])).toEqual({ 0: 'a', 1: 'b' })
    expect(read('{"queueDatas":[],"brokerDatas":[],"topicQueueMappingByBroker":{}}').logicalQueues).toBeUndefined()
    expect(read('{"queueDatas":[],"brokerDatas":[],"topicQueueMappingByBroker":null}').logicalQueues).toBeUndefined()
  })

  it.each([
    '{"bname":5}',
    '{"bname":"a","scope":"s","totalQueues":-1}',
    '{"bname":"a","scope":"s","currIdMap":{"x":1}}',
    '7',
  ])('refuses %s as what a broker hosts', mapping => {
    const text = `{"queueDatas":[],"brokerDatas":[],"topicQueueMappingByBroker":{"a":${mapping}}}`
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })
})

describe('brokerDataOf', () => {
  it.each(['""', '"x"', '1.5', 'null', 'true', '{"a":1}', '99999999999999999999', '"0x0"', '" 0"'])(
    'refuses the broker id %s',
    id => {
      expect(() => brokerDataOf(readFastjson(`{"brokerName":"b","brokerAddrs":{${id}:"h:1"}}`), 'it')).toThrow(
        malformed,
      )
    },
  )

  it('refuses an address that is no text', () => {
    expect(() => brokerDataOf(readFastjson('{"brokerName":"b","brokerAddrs":{0:1}}'), 'it')).toThrow(malformed)
  })
})

describe('plainTopicRoute', () => {
  it('quotes broker ids for those who ask for strict JSON, and does not for old peers', () => {
    expect(writeFastjson(plainTopicRoute(ROUTE))).toContain('"brokerAddrs":{"0":"10.0.0.1:10911"')
    expect(writeFastjson(plainTopicRoute({ ...ROUTE, bareBrokerIds: true }))).toContain(
      '"brokerAddrs":{0:"10.0.0.1:10911"',
    )
  })

  it('has the empty table of filter servers that Java expects, and nothing of ours', () => {
    expect(Object.keys(plainTopicRoute({ ...ROUTE, bareBrokerIds: true }) as object).sort()).toEqual([
      'brokerDatas',
      'filterServerTable',
      'orderTopicConf',
      'queueDatas',
    ])
  })
})

describe('plainBrokerData', () => {
  it('keeps everything else of the broker', () => {
    expect(plainBrokerData(ROUTE.brokerDatas[0] as never, false)).toMatchObject({ cluster: 'c', zoneName: 'z' })
  })
})
