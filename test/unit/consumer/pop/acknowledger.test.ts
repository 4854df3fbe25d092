import { ACK_MESSAGE, BATCH_ACK_MESSAGE, type BatchAcks } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { Acknowledger } from '../../../../lib/consumer/pop/acknowledger'
import { receiptOf } from '../../../../lib/consumer/pop/receipt'
import { RocketMQError } from '../../../../lib/errors'
import type { PopExtraInfo } from '../../../../lib/wire/pop-extra-info'
import { FakeClient, deferred } from '../../../support/fake-client'
import { popped } from '../../../support/pop-setup'

async function setup(version = 441) {
  const client = new FakeClient()
  await client.knownTopic('Orders', { a: 4, b: 4 })
  for (const name of ['a', 'b']) client.peerVersions.set(`${name}:10911`, version)
  for (const command of [ACK_MESSAGE, BATCH_ACK_MESSAGE]) client.on(command, () => ({ code: 'SUCCESS' }))
  const acknowledger = new Acknowledger({ client: client.asClient, consumerGroup: 'g' })
  const ack = (info: Partial<PopExtraInfo> = {}) => acknowledger.ack(receiptOf(popped(info), 'g'))
  return { client, acknowledger, ack }
}

describe('acknowledging', () => {
  it('tells the broker of one message by its receipt', async () => {
    const { client, ack } = await setup()
    await ack({ retry: '1' })
    expect(client.sent(ACK_MESSAGE)).toMatchObject([
      {
        address: 'a:10911',
        header: {
          consumerGroup: 'g',
          topic: '%RETRY%g_Orders',
          queueId: 1,
          offset: 7,
          extraInfo: '0 1000 60000 3 1 a 1 7',
          bname: 'a',
        },
      },
    ])
  })

  it('tells each broker of several at once', async () => {
    const { client, ack } = await setup()
    await Promise.all([ack({ queueOffset: 0 }), ack({ queueOffset: 9 }), ack({ queueId: 2 }), ack({ brokerName: 'b' })])
    expect(client.sent(ACK_MESSAGE).map(({ address }) => address)).toEqual(['b:10911'])
    const [together] = client.sent(BATCH_ACK_MESSAGE)
    expect(together?.body as BatchAcks).toMatchObject({
      brokerName: 'a',
      acks: [
        { topic: 'Orders', queueId: 1, startOffset: 0, bitSet: Buffer.from([1, 2]) },
        { topic: 'Orders', queueId: 2, bitSet: Buffer.from([128]) },
      ],
    })
  })

  it('tells one after the other where the broker is older than 5.1.4', async () => {
    const { client, ack } = await setup(440)
    await Promise.all([ack(), ack({ queueOffset: 8 })])
    expect([client.sent(ACK_MESSAGE).length, client.sent(BATCH_ACK_MESSAGE).length]).toEqual([2, 0])
  })

  it('puts together what comes while a request is under way', async () => {
    const { client, ack, acknowledger } = await setup()
    const first = deferred()
    client.on(ACK_MESSAGE, () => first.promise.then(() => ({ code: 'SUCCESS' })))
    const outcomes = [ack()]
    await client.settle()
    outcomes.push(ack({ queueOffset: 8 }))
    await client.settle()
    outcomes.push(ack({ queueOffset: 9 }))
    await client.settle()
    expect(client.requests.length).toBe(client.sent(ACK_MESSAGE).length + 1)
    first.resolve()
    await Promise.all(outcomes)
    await acknowledger.settled()
    expect([client.sent(ACK_MESSAGE).length, client.sent(BATCH_ACK_MESSAGE).length]).toEqual([1, 1])
  })

  it('is tried three times where no answer comes', async () => {
    const { client, ack } = await setup()
    let left = 2
    client.on(ACK_MESSAGE, () => {
      if (left-- > 0) throw new RocketMQError('CHANNEL_CLOSED', 'gone')
      return { code: 'SUCCESS' }
    })
    const done = ack()
    await client.clock.advance(2000)
    await done
    client.on(ACK_MESSAGE, () => {
      throw new RocketMQError('CHANNEL_CLOSED', 'gone')
    })
    const failed = expect(ack()).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    await client.clock.advance(2000)
    await failed
    expect(client.sent(ACK_MESSAGE).length).toBe(6)
  })

  it('fails at once for what the broker does not have, and for all together where it refuses several', async () => {
    const { client, ack } = await setup()
    client.on(ACK_MESSAGE, () => {
      throw brokerError(208, 'offset is illegal')
    })
    await expect(ack()).rejects.toMatchObject({ code: 'INVALID_RECEIPT', brokerName: 'a' })
    client.on(BATCH_ACK_MESSAGE, () => {
      throw brokerError(16, 'no')
    })
    const refused = expect.objectContaining({ reason: expect.objectContaining({ responseCode: 'NO_PERMISSION' }) })
    expect(await Promise.allSettled([ack(), ack({ queueOffset: 8 })])).toEqual([refused, refused])
    await expect(ack({ brokerName: 'gone' })).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
  })
})
