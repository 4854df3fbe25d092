import { bytes } from './body'
import { command } from './command'
import { boolean, bound, int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'

/** The stored messages that have a key; the broker's index is a hash, so some may be strangers. */
export const QUERY_MESSAGE = command('QUERY_MESSAGE', {
  code: 12,
  peer: 'broker',
  request: {
    header: {
      topic: string,
      key: string,
      maxNum: int,
      beginTimestamp: bound,
      endTimestamp: bound,
      _UNIQUE_KEY_QUERY: optional(boolean),
      indexType: optional(string),
      ...TARGET_BROKER,
    },
  },
  response: { header: { indexLastUpdateTimestamp: long, indexLastUpdatePhyoffset: long }, body: bytes },
  bare: ['QUERY_NOT_FOUND'],
})

/** One stored message by its commit-log offset. */
export const VIEW_MESSAGE_BY_ID = command('VIEW_MESSAGE_BY_ID', {
  code: 33,
  peer: 'broker',
  request: { header: { offset: long, topic: optional(string), ...TARGET_BROKER } },
  response: { body: bytes },
})
