import { readFastjson } from '../../../lib/wire/fastjson-reader'
import fc from '../../support/property'
import { damaged, wordsOf } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const samples = [
  '{"brokerDatas":[{"brokerAddrs":{0:"127.0.0.1:10911"},"brokerName":"broker-a"}],"queueDatas":[]}',
  '{"offsetTable":{{"brokerName":"a","queueId":0,"topic":"T"}:7,["x"]:1}}',
  '{"a":{"b":[1]},"c":{"$ref":"$.a.b[0]"},"d":{"$ref":".."}}',
]
const json = ['{', '}', '[', ']', ':', ',', '"a"', "'b'", '1', '-0.5e3', 'null', 'x', '\\', '"', '/*', '*/', '//', '\n']
const references = ['"$ref"', '"$"', '"$.a"', '{"$ref":"$"}', '{"$ref":".."}', '{"$ref":"@"}']

/** Bodies of answers, as Fastjson writes them. */
export const jsonBody: FuzzTarget = {
  name: 'json-body',
  input: fc.oneof(damaged(samples.map(text => Buffer.from(text))), wordsOf([...json, ...references])),
  read: bytes => void refusedOr(['PROTOCOL_ERROR'], () => readFastjson(bytes)),
}
