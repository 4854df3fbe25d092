import { topicRouteOf } from '../../../lib/commands/topic-route-json'
import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { parseExtraInfo } from '../../../lib/wire/pop-extra-info'
import { parseMsgOffsetInfo, parseOrderCountInfo, parseStartOffsetInfo } from '../../../lib/wire/pop-offset-info'
import { decodeTraces } from '../../../lib/wire/trace-data'
import { damaged } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const CODES = ['PROTOCOL_ERROR', 'UNSAFE_INTEGER'] as const
const samples = [
  '0 1700000000000 60000 3 0 broker-a 1 7',
  '0 1 7,8,9;1 2 3',
  '0 qo1%7 2;0 1 5',
  'Pub\u00011\u0001DefaultRegion\u0001g\u0001T\u0001ID\u0001tag\u0001k\u0001h:1\u00014\u00012\u00010\u0001OFF\u0001true\u0002',
  'SubAfter\u0001r\u0001ID\u00013\u0001true\u0001k\u00010\u00011700\u0001g\u0002',
  '{"brokerDatas":[{"brokerAddrs":{0:"a:1"},"brokerName":"a","cluster":"c"}],"queueDatas":[{"brokerName":"a",' +
    '"perm":6,"readQueueNums":4,"writeQueueNums":4,"topicSysFlag":0}],"topicQueueMappingByBroker":{"a":{"bname":"a",' +
    '"scope":"s","totalQueues":4,"epoch":1,"currIdMap":{0:0}}}}',
].map(text => Buffer.from(text))

/** Texts with a form of their own: receipt handles, offsets of a pop, traces, routes. */
export const texts: FuzzTarget = {
  name: 'texts',
  input: damaged(samples),
  read: bytes => {
    const text = bytes.toString()
    for (const parse of [parseExtraInfo, parseStartOffsetInfo, parseMsgOffsetInfo, parseOrderCountInfo])
      refusedOr(CODES, () => void parse(text))
    refusedOr(CODES, () => topicRouteOf(readFastjson(text)))
    decodeTraces(text)
  },
}
