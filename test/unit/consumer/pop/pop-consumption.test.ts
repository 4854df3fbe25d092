import {
  ACK_MESSAGE,
  CHANGE_MESSAGE_INVISIBLETIME,
  NOTIFICATION,
  POP_MESSAGE,
  QUERY_ASSIGNMENT,
} from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import type { PushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import { queue, setup } from '../../../support/consumption-setup'
import { popFound, popNone } from '../../../support/pop-setup'

type Given = Partial<PushConsumerOptions> & { ordered?: 'none' | 'queue' }

/** A started consumption whose broker assigns topic T to be popped, and which has popped two messages. */
async function popping(given: Given = {}) {
  const test = await setup({ clientRebalance: false, popInvisibleTimeMs: 60_000, ...given })
  const { client, consumption } = test
  const site = { mode: 'POP', pops: [popFound([3, 4], { topic: 'T', body: Buffer.from('m') })] }
  client.on(QUERY_ASSIGNMENT, ({ body }) => {
    const { topic } = body as { topic: string }
    const queueId = site.mode === 'POP' ? -1 : 1
    const assignment = { messageQueue: { ...queue(queueId), topic }, mode: site.mode }
    return { code: 'SUCCESS', body: { messageQueueAssignments: [assignment] } }
  })
  client.on(POP_MESSAGE, () => {
    const reply = site.pops.shift() ?? popNone()
    return { ...reply, header: { ...reply.header, popTime: 1000 + client.clock.monotonic() } }
  })
  client.on(NOTIFICATION, () => new Promise(() => undefined))
  client.on(ACK_MESSAGE, () => ({ code: 'SUCCESS' }))
  client.on(CHANGE_MESSAGE_INVISIBLETIME, ({ header }) => ({
    code: 'SUCCESS',
    header: { popTime: 1000, invisibleTime: header['invisibleTime'], reviveQid: 3 },
  }))
  await consumption.start()
  await client.settle()
  return { ...test, site }
}

const hidden = ({ client }: Awaited<ReturnType<typeof popping>>) =>
  client.sent(CHANGE_MESSAGE_INVISIBLETIME).map(({ header }) => [header['offset'], header['invisibleTime']])

describe('a consumption whose queues the broker assigns', () => {
  it('pops them where the broker says so, and acknowledges', async () => {
    const { client, calls, events, consumption } = await popping()
    expect([events, calls.length, consumption.service.running]).toEqual([['assigned -1'], 2, 2])
    expect(client.sent(POP_MESSAGE)[0]?.header).toMatchObject({ maxMsgNums: 32, invisibleTime: 60_000, order: false })
    expect(consumption.pop?.stats).toMatchObject([{ queue: queue(-1), cached: 2, inFlight: 2 }])
    for (const call of calls) call.end()
    await client.settle()
    expect(client.sent(ACK_MESSAGE).map(({ header }) => header['offset'])).toEqual([3, 4])
    await consumption.stop(1000)
  })

  it('pops in order for a listener in order', async () => {
    const { client, calls, consumption } = await popping({ ordered: 'queue' })
    expect(client.sent(POP_MESSAGE)[0]?.header).toMatchObject({ order: true })
    expect(calls.length).toBe(1)
    calls[0]?.end()
    await client.settle()
    expect(calls.length).toBe(2)
    calls[1]?.end()
    await consumption.stop(1000)
  })

  it('keeps messages hidden while listeners work, also while it is shut down', async () => {
    const test = await popping()
    const { client, calls, consumption } = test
    // The first of a pop is not renewed at once: see InvisibleTime.
    await client.clock.advance(30_010)
    expect(hidden(test).toSorted()).toEqual([
      [3, 60_000],
      [4, 60_000],
    ])
    const stopped = consumption.stop(60_000)
    await client.clock.advance(10_000)
    for (const call of calls) call.end()
    await stopped
    expect(client.sent(ACK_MESSAGE)).toHaveLength(2)
  })

  it('gives others what no listener has begun with when it ends', async () => {
    const test = await popping({ ordered: 'queue' })
    const { client, calls, consumption } = test
    const stopped = consumption.stop(1000)
    calls[0]?.end()
    await stopped
    expect(hidden(test)).toEqual([[4, 1000]])
    expect(client.sent(ACK_MESSAGE).map(({ header }) => header['offset'])).toEqual([3])
  })

  it('ends in time though a listener does not, and tells it', async () => {
    const { client, consumption } = await popping()
    const refused = expect(consumption.stop(500)).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE' })
    await client.clock.advance(500)
    await refused
  })

  it('changes over to pulling when the broker says so', async () => {
    const { client, site, calls, events, consumption, subscriptions } = await popping()
    for (const call of calls) call.end()
    site.mode = 'PULL'
    await client.clock.advance(20_000)
    expect(events).toEqual(['assigned -1', 'revoked -1', 'assigned 1'])
    expect([consumption.pop?.stats, consumption.assignments.queues]).toEqual([[], [queue(1)]])
    expect(subscriptions.topics).toEqual(['T', '%RETRY%g_T', '%RETRY%g+T'])
    await consumption.stop(1000)
  })

  it('can pause what is popped', async () => {
    const { client, site, consumption, calls } = await popping()
    const pops = client.sent(POP_MESSAGE).length
    consumption.pause([queue(-1)])
    site.pops.push(popFound([5], { topic: 'T' }))
    await client.clock.advance(60_000)
    consumption.resume([queue(-1)])
    await client.settle()
    expect(client.sent(POP_MESSAGE).length).toBeGreaterThan(pops)
    for (const call of calls) call.end()
    await consumption.stop(1000)
  })

  it('is refused by brokers that are too old, and by proxies, which assign nothing', async () => {
    const { client, consumption } = await popping()
    client.versions.set('a:10911', () => 412)
    await expect(consumption.pop?.checkBrokers({})).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    client.versions.set('a:10911', () => 513)
    await consumption.pop?.checkBrokers({})
    client.on(QUERY_ASSIGNMENT, () => {
      throw brokerError(3, 'request type 400 not supported')
    })
    await expect(consumption.pop?.checkBrokers({})).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    const stopped = consumption.stop(10)
    const incomplete = expect(stopped).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE' })
    await client.clock.advance(10)
    await incomplete
  })

  it('does not pop for broadcasting', async () => {
    const { consumption } = await setup({ clientRebalance: false, messageModel: 'BROADCASTING' })
    expect(consumption.pop).toBeUndefined()
    await consumption.stop(1000)
  })
})
