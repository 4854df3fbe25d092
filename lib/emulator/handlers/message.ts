import type { ReplyOf, RequestOf } from '../../commands/command'
import type { QUERY_MESSAGE, VIEW_MESSAGE_BY_ID } from '../../commands/message'
import type { Broker } from '../broker'
import { refusal } from '../refusal'

/** What brokers find at most for a key, and for a unique key. */
const MAX_FOUND = 64
const MAX_FOUND_BY_UNIQUE_KEY = 32
const TAG_INDEX = 'T'
const NO_INDEX = { indexLastUpdateTimestamp: '0', indexLastUpdatePhyoffset: '0' }

export function queryMessage(
  broker: Broker,
  { header }: RequestOf<typeof QUERY_MESSAGE>,
): ReplyOf<typeof QUERY_MESSAGE> {
  const { topic, key, beginTimestamp: begin, endTimestamp: end } = header
  const { log, keys } = broker.state.store
  const isUnique = header._UNIQUE_KEY_QUERY === true
  const kind = !isUnique && broker.generation.properties.indexesTags && header.indexType === TAG_INDEX ? 'TAG' : 'KEY'
  const maxNum = isUnique ? MAX_FOUND_BY_UNIQUE_KEY : Math.min(header.maxNum, MAX_FOUND)
  const found = keys.find({ topic, key, kind, begin, end, maxNum }).flatMap(offset => log.readRecord(offset) ?? [])
  if (found.length === 0)
    throw refusal('QUERY_NOT_FOUND', 'can not find message, maybe time range not correct', NO_INDEX)
  const { offset: indexLastUpdatePhyoffset, storeTime: indexLastUpdateTimestamp } = keys.last
  return {
    code: 'SUCCESS',
    header: { indexLastUpdateTimestamp, indexLastUpdatePhyoffset },
    body: Buffer.concat(found),
  }
}

export function viewMessageById(
  broker: Broker,
  { header }: RequestOf<typeof VIEW_MESSAGE_BY_ID>,
): ReplyOf<typeof VIEW_MESSAGE_BY_ID> {
  const record = broker.state.store.log.readRecord(header.offset)
  if (record === undefined) throw refusal('SYSTEM_ERROR', `can not find message by the offset, ${header.offset}`)
  return { code: 'SUCCESS', body: record }
}
