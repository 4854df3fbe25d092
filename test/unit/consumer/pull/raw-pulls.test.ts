import { CHECK_CLIENT_CONFIG } from '../../../../lib/commands/client'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { brokerError } from '../../../../lib/commands/response-code'
import { RawPulls, type RawPullsOptions } from '../../../../lib/consumer/pull/raw-pulls'
import type { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'
import { found, none } from '../../../support/pull-setup'

const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const TIMES = { suspendMs: 0, timeoutMs: 1000 }
const GARBAGE = Buffer.from('garbage')

async function setup(options: Partial<RawPullsOptions> = {}) {
  const client = new FakeClient()
  await client.knownTopic('Orders', { 'broker-a': 4 })
  const errors: RocketMQError[] = []
  const onBackgroundError = (error: RocketMQError) => errors.push(error)
  const parts = { client: client.asClient, consumerGroup: 'g', messageFilters: [], onBackgroundError }
  return { client, errors, pulls: new RawPulls({ ...parts, ...options }) }
}

describe('a raw pull', () => {
  it('gives what the broker has, and nothing else', async () => {
    const { client, pulls } = await setup()
    client.on(PULL_MESSAGE, () => found(12, { queueOffset: 10 }))
    const result = await pulls.pull(queue, { offset: '10', maxNums: 5, maxBytes: 9 }, TIMES)
    expect(result).toEqual({
      status: 'FOUND',
      nextBeginOffset: 12,
      minOffset: 0,
      maxOffset: 90,
      messages: [expect.objectContaining({ queueOffset: 10 })],
    })
    expect(client.sent(PULL_MESSAGE)[0]?.header).toMatchObject({
      maxMsgNums: 5,
      maxMsgBytes: 9,
      sysFlag: 4,
      subscription: '*',
    })
  })

  it('remembers from which broker to pull a queue, for each queue by itself', async () => {
    const { client, pulls } = await setup()
    client.on(PULL_MESSAGE, () => none('PULL_NOT_FOUND', 10, { suggestWhichBrokerId: 1 }))
    for (const queueId of [1, 1, 2]) await pulls.pull({ ...queue, queueId }, { offset: 10 }, TIMES)
    expect(client.sent(PULL_MESSAGE).map(({ address }) => address.slice(-5))).toEqual(['10911', '10921', '10911'])
  })

  it('ends with its time', async () => {
    const { client, pulls } = await setup()
    client.on(PULL_MESSAGE, () => new Promise(() => undefined))
    for (const [options, ms] of [
      [{}, 1000],
      [{ timeoutMs: 50 }, 50],
    ] as const) {
      const late = expect(pulls.pull(queue, { offset: 0, ...options }, TIMES)).rejects.toMatchObject({
        code: 'REQUEST_TIMEOUT',
      })
      await client.clock.advance(ms)
      await late
    }
  })

  it('ends, and does not begin, when the consumer ends', async () => {
    const { client, pulls } = await setup()
    client.on(PULL_MESSAGE, () => new Promise(() => undefined))
    const { signal } = new AbortController()
    const ended = ['signal', 'none'].map(given =>
      expect(pulls.pull(queue, { offset: 0, ...(given === 'signal' && { signal }) }, TIMES)).rejects.toMatchObject({
        code: 'ABORTED',
        group: 'g',
      }),
    )
    pulls.end()
    await Promise.all(ended)
    await expect(pulls.pull(queue, { offset: 0 }, TIMES)).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('tells of what it leaves out, and fails where there is damage alone', async () => {
    const { client, errors, pulls } = await setup()
    const reply = found(12, { queueOffset: 10 })
    client.on(PULL_MESSAGE, () => ({ ...reply, body: Buffer.concat([reply.body as Buffer, GARBAGE]) }))
    expect(await pulls.pull(queue, { offset: 10 }, TIMES)).toMatchObject({ status: 'FOUND', nextBeginOffset: 11 })
    client.on(PULL_MESSAGE, () => ({ ...reply, body: GARBAGE }))
    await expect(pulls.pull(queue, { offset: 11 }, TIMES)).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' })
    expect(errors).toEqual([])
    const passed = await pulls.pull(queue, { offset: 11 }, TIMES)
    expect(passed).toMatchObject({ status: 'NO_MATCHED_MSG', nextBeginOffset: 12 })
    expect(errors).toMatchObject([{ code: 'MESSAGE_UNREADABLE' }])
  })

  it('by a condition asks brokers about it once', async () => {
    const { client, pulls } = await setup()
    const wanted = { offset: 10, expression: { sql92: 'a > 1' } }
    client.on(CHECK_CLIENT_CONFIG, () => Promise.reject(brokerError(23, 'no such thing')))
    await expect(pulls.pull(queue, wanted, TIMES)).rejects.toMatchObject({
      code: 'INVALID_EXPRESSION',
      topic: 'Orders',
    })
    expect(client.sent(PULL_MESSAGE)).toEqual([])
    client.on(CHECK_CLIENT_CONFIG, () => ({ code: 'SUCCESS' }))
    client.on(PULL_MESSAGE, () => none('PULL_NOT_FOUND', 10))
    await pulls.pull(queue, wanted, TIMES)
    await pulls.pull(queue, wanted, TIMES)
    expect(client.sent(CHECK_CLIENT_CONFIG)).toHaveLength(2)
    expect(client.sent(PULL_MESSAGE)[1]?.header).toMatchObject({ expressionType: 'SQL92', subscription: 'a > 1' })
  })

  it.each<[string, object]>([
    ['offset', { offset: -1 }],
    ['maxNums', { offset: 0, maxNums: 0 }],
    ['maxBytes', { offset: 0, maxBytes: 0 }],
    ['timeoutMs', { offset: 0, timeoutMs: 0 }],
  ])('with a wrong %s is refused before anything is sent: %j', async (name, options) => {
    const { client, pulls } = await setup()
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }
    await expect(pulls.pull(queue, options as never, TIMES)).rejects.toMatchObject(refused)
    expect(client.requests.filter(({ command }) => command === 'PULL_MESSAGE')).toEqual([])
  })
})
