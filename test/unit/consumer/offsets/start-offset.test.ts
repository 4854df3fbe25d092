import { GET_MAX_OFFSET, GET_MIN_OFFSET, SEARCH_OFFSET_BY_TIMESTAMP } from '../../../../lib/commands/offset'
import { resolvePushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import { startOffset } from '../../../../lib/consumer/offsets/start-offset'
import { RocketMQError } from '../../../../lib/errors'
import type { ConsumeFromWhere } from '../../../../lib/model/consumer-types'
import { FakeClient } from '../../../support/fake-client'

const NOW = 1_700_000_000_000
const FROM: readonly ConsumeFromWhere[] = [
  'CONSUME_FROM_FIRST_OFFSET',
  'CONSUME_FROM_LAST_OFFSET',
  'CONSUME_FROM_TIMESTAMP',
]

/** Where a queue begins whose oldest message has offset 10, whose end is 90, and that is at 50 at the time asked for. */
async function begin(
  consumeFromWhere: ConsumeFromWhere,
  {
    stored,
    topic = 'T',
    consumeTimestamp,
  }: { stored?: number | Error; topic?: string; consumeTimestamp?: number } = {},
) {
  const client = new FakeClient()
  await client.knownTopic(topic, { a: 1 })
  const answer = (offset: number) => () => ({ code: 'SUCCESS', header: { offset } })
  client.on(GET_MIN_OFFSET, answer(10)).on(GET_MAX_OFFSET, answer(90)).on(SEARCH_OFFSET_BY_TIMESTAMP, answer(50))
  const read = async (): Promise<number | undefined> => {
    if (stored instanceof Error) throw stored
    return stored
  }
  const options = resolvePushConsumerOptions({
    consumerGroup: 'g',
    consumeFromWhere,
    ...(consumeTimestamp === undefined ? {} : { consumeTimestamp }),
  })
  const queue = { topic, brokerName: 'a', queueId: 0 }
  const offset = await startOffset(queue, {
    options,
    offsetStore: { read } as never,
    offsets: client.offsets,
    now: NOW,
  })
  return { client, offset }
}

describe('where a queue begins', () => {
  it.each(FROM)('is what the group has committed, also 0, for %s', async from => {
    expect((await begin(from, { stored: 33 })).offset).toBe(33)
    expect((await begin(from, { stored: 0 })).offset).toBe(0)
    expect((await begin(from, { stored: 33, topic: '%RETRY%g' })).offset).toBe(33)
  })

  it.each(FROM)('is not guessed where that cannot be told, for %s', async from => {
    const stored = new RocketMQError('REQUEST_TIMEOUT', 'no answer')
    await expect(begin(from, { stored })).rejects.toBe(stored)
  })

  it.each([
    ['CONSUME_FROM_FIRST_OFFSET', 10],
    ['CONSUME_FROM_LAST_OFFSET', 90],
    ['CONSUME_FROM_TIMESTAMP', 50],
  ] as const)('is as %s says for a group that never committed: %i', async (from, offset) => {
    expect((await begin(from)).offset).toBe(offset)
  })

  it.each([
    ['CONSUME_FROM_FIRST_OFFSET', 10],
    ['CONSUME_FROM_LAST_OFFSET', 0],
    ['CONSUME_FROM_TIMESTAMP', 90],
  ] as const)('is as in Java for its retry topic by %s: %i', async (from, offset) => {
    expect((await begin(from, { topic: '%RETRY%g' })).offset).toBe(offset)
  })

  it('is looked for half an hour back where no time is given', async () => {
    const asked = async (consumeTimestamp?: number): Promise<unknown> => {
      const given = consumeTimestamp === undefined ? {} : { consumeTimestamp }
      const { client } = await begin('CONSUME_FROM_TIMESTAMP', given)
      return client.sent(SEARCH_OFFSET_BY_TIMESTAMP)[0]?.header['timestamp']
    }
    await expect(asked()).resolves.toBe(NOW - 1_800_000)
    await expect(asked(12_345)).resolves.toBe(12_345)
  })
})
