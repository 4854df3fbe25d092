import { command } from './command'
import { boolean, int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'

const QUEUE = { topic: string, queueId: int } as const
const GROUP_QUEUE = { consumerGroup: string, ...QUEUE } as const

/** The offset a group has committed for a queue. A young queue answers 0 for a group that never committed. */
export const QUERY_CONSUMER_OFFSET = command('QUERY_CONSUMER_OFFSET', {
  code: 14,
  peer: 'broker',
  request: { header: { ...GROUP_QUEUE, setZeroIfNotFound: optional(boolean), ...TARGET_BROKER } },
  response: { header: { offset: long } },
  bare: ['QUERY_NOT_FOUND'],
})

/** Commits an offset; usually oneway. */
export const UPDATE_CONSUMER_OFFSET = command('UPDATE_CONSUMER_OFFSET', {
  code: 15,
  peer: 'broker',
  request: { header: { ...GROUP_QUEUE, commitOffset: long, ...TARGET_BROKER } },
  response: {},
})

/** The offset of the first message stored at or after a time. */
export const SEARCH_OFFSET_BY_TIMESTAMP = command('SEARCH_OFFSET_BY_TIMESTAMP', {
  code: 29,
  peer: 'broker',
  request: { header: { ...QUEUE, timestamp: long, boundaryType: optional(string), ...TARGET_BROKER } },
  response: { header: { offset: long } },
})

/** The offset that the next message of a queue will get. */
export const GET_MAX_OFFSET = command('GET_MAX_OFFSET', {
  code: 30,
  peer: 'broker',
  request: { header: { ...QUEUE, committed: optional(boolean), ...TARGET_BROKER } },
  response: { header: { offset: long } },
})

/** The offset of the oldest message that a queue still holds. */
export const GET_MIN_OFFSET = command('GET_MIN_OFFSET', {
  code: 31,
  peer: 'broker',
  request: { header: { ...QUEUE, ...TARGET_BROKER } },
  response: { header: { offset: long } },
})
