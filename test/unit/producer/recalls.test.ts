import { RECALL_MESSAGE } from '../../../lib/commands/recall'
import { BrokerError } from '../../../lib/errors'
import { encodeRecallHandle } from '../../../lib/model/recall-handle'
import { type RecallInterceptor, Recalls } from '../../../lib/producer/recalls'
import { FakeClient } from '../../support/fake-client'

const HANDLE = encodeRecallHandle({ topic: 'T', brokerName: 'a', timestamp: '5', messageId: 'M' })

async function setup(interceptors: readonly RecallInterceptor[] = []) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 1 })
  client.on(RECALL_MESSAGE, () => ({ code: 'SUCCESS', header: { msgId: 'M', MSG_REGION: 'r' } }))
  const traced: unknown[] = []
  const recalls = new Recalls({
    client: client.asClient,
    sender: { findRoute: topic => client.routes.findPublishInfo(topic, SETTINGS, {}) },
    producerGroup: 'g',
    timeoutMs: 100,
    interceptors,
    tracer: { recalled: recall => void traced.push(recall) },
  })
  return { client, traced, recalls }
}

const SETTINGS = { createTopicKey: 'TBW102', defaultTopicQueueNums: 4 }

describe('recalls', () => {
  it('go to the broker that has the message, and are traced', async () => {
    const { client, traced, recalls } = await setup()
    expect(await recalls.recall('T', HANDLE, {})).toBe('M')
    const header = { producerGroup: 'g', topic: 'T', recallHandle: HANDLE, bname: 'a' }
    expect(client.sent(RECALL_MESSAGE)).toMatchObject([{ address: 'a:10911', header, oneway: false }])
    expect(traced).toEqual([{ topic: 'T', msgId: 'M', success: true, regionId: 'r' }])
  })

  it('pass through interceptors, which may keep them', async () => {
    const seen: unknown[] = []
    const { client, recalls } = await setup([
      (context, next) => (seen.push(context), next()),
      () => Promise.reject(new Error('not now')),
    ])
    await expect(recalls.recall('T', HANDLE, {})).rejects.toThrow('not now')
    const context = { operation: 'recall', producerGroup: 'g', topic: 'T', msgId: 'M', brokerName: 'a' }
    expect(seen).toEqual([{ ...context, recallHandle: HANDLE }])
    expect(client.requests.filter(({ command }) => command === 'RECALL_MESSAGE')).toEqual([])
  })

  it.each([
    ['a wrong name', '', HANDLE, 'INVALID_TOPIC'],
    ['a retry topic', '%RETRY%g', HANDLE, 'INVALID_TOPIC'],
    ['a topic of dead letters', '%DLQ%g', HANDLE, 'INVALID_TOPIC'],
    ['what is no handle', 'T', 'x', 'INVALID_ARGUMENT'],
  ])('refuse %s before anything is sent', async (_, topic, handle, code) => {
    const { client, recalls } = await setup()
    await expect(recalls.recall(topic, handle, {})).rejects.toMatchObject({ code })
    expect(client.sent(RECALL_MESSAGE)).toEqual([])
  })

  it.each([{ timeout: 5 }, { timeoutMs: 0 }, { signal: 5 }])('refuse the options %j', async options => {
    const { recalls } = await setup()
    await expect(recalls.recall('T', HANDLE, options as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('fail where the broker of the handle is not known', async () => {
    const { recalls } = await setup()
    const elsewhere = encodeRecallHandle({ topic: 'T', brokerName: 'gone', timestamp: '5', messageId: 'M' })
    await expect(recalls.recall('T', elsewhere, {})).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic: 'T' })
  })

  it.each([
    ['REQUEST_CODE_NOT_SUPPORTED', 'x', 'UNSUPPORTED_BY_BROKER', 'older than 5.3.2'],
    ['NO_PERMISSION', 'recall failed, operation is forbidden', 'UNSUPPORTED_BY_BROKER', 'recallMessageEnable=true'],
    ['NO_PERMISSION', 'the topic', 'BROKER_ERROR', 'refused'],
    ['ILLEGAL_OPERATION', 'recall failed, timestamp invalid', 'BROKER_ERROR', 'refused'],
  ])('tell of %s (%s) as %s', async (responseCode, remark, code, says) => {
    const { client, recalls, traced } = await setup()
    client.on(RECALL_MESSAGE, () => {
      throw new BrokerError(responseCode, remark, 'refused')
    })
    await expect(recalls.recall('T', HANDLE, {})).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says) as string,
    })
    expect(traced).toEqual([{ topic: 'T', msgId: 'M', success: false, regionId: undefined }])
  })

  it('end in time, and where the caller wants it', async () => {
    const { client, recalls } = await setup()
    client.on(RECALL_MESSAGE, () => new Promise(() => undefined))
    const late = expect(recalls.recall('T', HANDLE, {})).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await client.clock.advance(100)
    await late
    const controller = new AbortController()
    const ended = expect(recalls.recall('T', HANDLE, { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    await client.settle()
    controller.abort()
    await ended
  })
})
