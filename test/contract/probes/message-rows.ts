import type { RequestOf } from '../../../lib/commands/command'
import { QUERY_MESSAGE, VIEW_MESSAGE_BY_ID } from '../../../lib/commands/message'
import { answered } from '../../support/until'
import { exceptionRemark, record } from './answers'
import { Matcher, anyOffset, anyTime, byVersion, onlyIn4, since5 } from './expected'
import { type Orders, freshTopic, orders, sendMany } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const query = rowsOf(QUERY_MESSAGE)
const view = rowsOf(VIEW_MESSAGE_BY_ID)

type Header = Partial<RequestOf<typeof QUERY_MESSAGE>['header']>

const request = (topic: string, header: Header = {}) => ({
  header: { topic, key: 'all', maxNum: 32, beginTimestamp: 0, endTimestamp: Number.MAX_SAFE_INTEGER, ...header },
})

/** The shared messages, once the last of them is in the index, which follows the store. */
async function indexed(stage: Stage): Promise<Orders> {
  const given = await stage.shared(orders)
  const ask = async (): Promise<string> => (await stage.invoke(QUERY_MESSAGE, request(given.topic, { key: 'k2' }))).code
  await answered(ask, code => code === 'SUCCESS', { what: 'the index of the messages' })
  return given
}

const given = (stage: Stage): Promise<Orders> => stage.shared(indexed)
const INDEX = { indexLastUpdateTimestamp: anyTime, indexLastUpdatePhyoffset: anyOffset }
const NOT_FOUND = {
  remark: 'can not find message, maybe time range not correct',
  fields: { indexLastUpdateTimestamp: anyOffset, indexLastUpdatePhyoffset: anyOffset },
}
const found = (stage: Stage, { sent }: Orders, ...numbers: number[]) => ({
  fields: INDEX,
  messages: sent.filter((_, i) => numbers.includes(i)).map(each => record(stage, each)),
})

export const QUERY_ROWS = [
  query({
    name: 'all messages of a key are found',
    given,
    request: ({ topic }) => request(topic),
    code: 'SUCCESS',
    answer: (orders, stage) => found(stage, orders, 0, 1, 2),
  }),
  query({
    name: 'a message with several keys is found by each',
    given,
    request: ({ topic }) => request(topic, { key: 'k1' }),
    code: 'SUCCESS',
    answer: (orders, stage) => found(stage, orders, 1),
  }),
  query({
    name: 'of too many messages the newest are found',
    given,
    request: ({ topic }) => request(topic, { maxNum: 2 }),
    code: 'SUCCESS',
    answer: (orders, stage) => found(stage, orders, 1, 2),
  }),
  query({
    name: 'no message is found where none is asked for',
    given,
    request: ({ topic }) => request(topic, { maxNum: 0 }),
    code: 'QUERY_NOT_FOUND',
    answer: NOT_FOUND,
  }),
  query({
    name: 'no message is found in a time that ends before it begins',
    given,
    request: ({ topic }) => request(topic, { beginTimestamp: 2, endTimestamp: 1 }),
    code: 'QUERY_NOT_FOUND',
    answer: NOT_FOUND,
  }),
  query({
    name: 'no more than 64 messages are found',
    given: async stage => {
      const topic = await sendMany(stage, 65, { KEYS: 'all' })
      const ask = async (): Promise<string> => (await stage.invoke(QUERY_MESSAGE, request(topic, { maxNum: 65 }))).code
      await answered(ask, code => code === 'SUCCESS', { what: 'the index of many messages' })
      return topic
    },
    request: topic => request(topic, { maxNum: 100 }),
    code: 'SUCCESS',
    answer: { fields: INDEX, messages: new Matcher('64 messages', all => Array.isArray(all) && all.length === 64) },
  }),
  query({
    name: 'a message is found by its unique key',
    given,
    request: ({ topic }) => request(topic, { key: `${topic}-1`, _UNIQUE_KEY_QUERY: true }),
    code: 'SUCCESS',
    answer: (orders, stage) => found(stage, orders, 1),
  }),
  query({
    name: 'a unique key is a key, too',
    given,
    request: ({ topic }) => request(topic, { key: `${topic}-2` }),
    code: 'SUCCESS',
    answer: (orders, stage) => found(stage, orders, 2),
  }),
  query({
    name: 'messages are found by tag in 5.x; 4.9 takes it for a key',
    given,
    request: ({ topic }) => request(topic, { key: 'b', indexType: 'T' }),
    code: byVersion({ '4.9': 'QUERY_NOT_FOUND', '5': 'SUCCESS' } as const),
    answer: (orders, stage) => {
      const { fields, messages } = found(stage, orders, 1)
      return {
        remark: onlyIn4(NOT_FOUND.remark),
        fields: byVersion<unknown>({ '4.9': NOT_FOUND.fields, '5': fields }),
        messages: since5(messages),
      }
    },
  }),
  query({
    name: 'messages stored before the time are not found',
    given,
    request: ({ topic }) => request(topic, { endTimestamp: 1 }),
    code: 'QUERY_NOT_FOUND',
    answer: NOT_FOUND,
  }),
  query({
    name: 'a key that no message has is told',
    given,
    request: ({ topic }) => request(topic, { key: 'not-there' }),
    code: 'QUERY_NOT_FOUND',
    answer: NOT_FOUND,
  }),
  query({
    name: 'a topic that is not there has no messages',
    request: () => request('not-there'),
    code: 'QUERY_NOT_FOUND',
    answer: NOT_FOUND,
  }),
  query({
    name: 'a header without a number is an exception',
    given,
    request: ({ topic }) => request(topic),
    without: ['maxNum'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

export const VIEW_ROWS = [
  view({
    name: 'a message is found at its offset',
    given: stage => stage.shared(orders),
    request: ({ sent: [, second] }) => ({ header: { offset: second?.commitLogOffset ?? 0 } }),
    code: 'SUCCESS',
    answer: ({ sent }, stage) => ({ messages: sent.slice(1, 2).map(each => record(stage, each)) }),
  }),
  view({
    name: 'an offset beyond the end is told',
    given: freshTopic,
    request: topic => ({ header: { offset: 1_000_000_000_000, topic } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'can not find message by the offset, 1000000000000' },
  }),
  view({
    name: 'an offset below 0 is told',
    request: () => ({ header: { offset: -1 } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'can not find message by the offset, -1' },
  }),
  view({
    name: 'an offset in the middle of a message is told',
    given: stage => stage.shared(orders),
    request: ({ sent: [first] }) => ({ header: { offset: (first?.commitLogOffset ?? 0) + 8 } }),
    code: 'SYSTEM_ERROR',
    answer: ({ sent: [first] }) => ({
      remark: `can not find message by the offset, ${(first?.commitLogOffset ?? 0) + 8}`,
    }),
  }),
  view({
    name: 'a header without an offset is an exception',
    request: () => ({ header: { offset: 0 } }),
    without: ['offset'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
