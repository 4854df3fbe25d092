import { NOTIFICATION, POP_MESSAGE } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { BrokerClocks } from '../../../../lib/consumer/pop/broker-clocks'
import { PopRequests } from '../../../../lib/consumer/pop/pop-requests'
import { buildSubscriptionData } from '../../../../lib/model/subscription'
import { FakeClient } from '../../../support/fake-client'
import { PLACE, popFound, popInfo, popNone } from '../../../support/pop-setup'

const WISH = { ...PLACE, maxNums: 16, invisibleMs: 60_000, fromFirst: true }

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('Orders', { a: 4 })
  const clocks = new BrokerClocks(client.clock)
  return { client, clocks, requests: new PopRequests({ client: client.asClient, consumerGroup: 'g', clocks }) }
}

describe('a pop', () => {
  it('asks the master for what is there, without being held', async () => {
    const { client, requests } = await setup()
    client.on(POP_MESSAGE, () => popFound([3, 4]))
    const { messages, unwanted, damage } = await requests.pop(WISH)
    expect([messages.map(({ queueOffset }) => queueOffset), unwanted, damage]).toEqual([[3, 4], [], undefined])
    expect(client.sent(POP_MESSAGE)).toMatchObject([
      {
        address: 'a:10911',
        header: {
          consumerGroup: 'g',
          topic: 'Orders',
          queueId: -1,
          maxMsgNums: 16,
          invisibleTime: 60_000,
          pollTime: 0,
          bornTime: 0,
          initMode: 0,
          expType: 'TAG',
          exp: '*',
          order: false,
          bname: 'a',
        },
      },
    ])
    await requests.pop({ ...WISH, fromFirst: false })
    expect(client.sent(POP_MESSAGE)[1]?.header).toMatchObject({ initMode: 1 })
  })

  it('learns the time of the broker', async () => {
    const { client, requests, clocks } = await setup()
    client.on(POP_MESSAGE, () => popNone())
    expect(await requests.pop(WISH)).toEqual({ messages: [], unwanted: [], damage: undefined })
    await client.clock.advance(1000)
    expect(clocks.remainingMs(popInfo())).toBe(59_000)
  })

  it('tells messages of other tags apart, which brokers take for wanted by their hash', async () => {
    const { client, requests } = await setup()
    client.on(POP_MESSAGE, () => popFound([3], { properties: 'TAGS\u0001BB\u0002' }))
    const subscription = buildSubscriptionData('Orders', 'Aa', 1)
    const { messages, unwanted } = await requests.pop({ ...WISH, subscription })
    expect([messages.length, unwanted.length]).toEqual([0, 1])
  })

  it('fails where the broker refuses it, and says where it is too old', async () => {
    const { client, requests } = await setup()
    client.on(POP_MESSAGE, () => {
      throw brokerError(16, 'no')
    })
    await expect(requests.pop(WISH)).rejects.toMatchObject({ responseCode: 'NO_PERMISSION' })
    client.on(POP_MESSAGE, () => {
      throw brokerError(3, 'no')
    })
    await expect(requests.pop(WISH)).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', address: 'a:10911' })
  })
})

describe('the question for messages', () => {
  it('may be held by the broker for its time', async () => {
    const { client, requests } = await setup()
    client.on(NOTIFICATION, () => ({ code: 'SUCCESS', header: { hasMsg: true } }))
    const { signal } = new AbortController()
    expect(await requests.hasMessages({ ...PLACE, order: true }, 15_000, signal)).toBe(true)
    expect(client.sent(NOTIFICATION)[0]?.header).toMatchObject({
      queueId: -1,
      pollTime: 15_000,
      bornTime: 0,
      order: true,
    })
  })

  it('ends when it is called off', async () => {
    const { client, requests } = await setup()
    client.on(NOTIFICATION, () => new Promise(() => undefined))
    const abort = new AbortController()
    const asked = expect(requests.hasMessages(PLACE, 15_000, abort.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    })
    abort.abort()
    await asked
  })
})
