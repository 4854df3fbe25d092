import { CHANGE_MESSAGE_INVISIBLETIME } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { InvisibleTime } from '../../../../lib/consumer/pop/invisible-time'
import { FakeClient } from '../../../support/fake-client'
import { popped } from '../../../support/pop-setup'

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('Orders', { a: 4 })
  client.on(CHANGE_MESSAGE_INVISIBLETIME, ({ header }) => ({
    code: 'SUCCESS',
    header: { popTime: 2000, invisibleTime: header['invisibleTime'], reviveQid: 5 },
  }))
  return { client, time: new InvisibleTime({ client: client.asClient, consumerGroup: 'g' }) }
}

describe('the invisible time of a message', () => {
  it('is changed by its receipt, which is replaced', async () => {
    const { client, time } = await setup()
    const message = popped({ retry: '1', ckQueueOffset: 4, queueOffset: 7 })
    expect(await time.change(message, 30_000)).toBe('7 2000 30000 5 1 a 1 7')
    expect(message.properties['POP_CK']).toBe('7 2000 30000 5 1 a 1 7')
    expect(client.sent(CHANGE_MESSAGE_INVISIBLETIME)).toMatchObject([
      {
        address: 'a:10911',
        header: {
          consumerGroup: 'g',
          topic: '%RETRY%g_Orders',
          queueId: 1,
          offset: 7,
          extraInfo: '4 1000 60000 3 1 a 1 7',
          invisibleTime: 30_000,
        },
      },
    ])
  })

  it('of the first message of a pop is not changed in the millisecond of the pop, where brokers may lose it', async () => {
    const { client, time } = await setup()
    const first = { ckQueueOffset: 7, queueOffset: 7 }
    const changing = time.change(popped(first), 60_000)
    await client.clock.advance(1)
    expect(client.sent(CHANGE_MESSAGE_INVISIBLETIME)).toEqual([])
    await client.clock.advance(1)
    expect(await changing).toBe('7 2000 60000 5 0 a 1 7')
    // What falls due much sooner or later is no concern, nor are the others.
    await time.change(popped(first), 30_000)
    await time.change(popped({ ckQueueOffset: 6, queueOffset: 7 }), 60_000)
  })

  it.each([208, 13])('is not that of a message which the broker does not have: code %i', async code => {
    const { client, time } = await setup()
    client.on(CHANGE_MESSAGE_INVISIBLETIME, () => {
      throw brokerError(code, 'no')
    })
    const message = popped()
    await expect(time.change(message, 1000)).rejects.toMatchObject({ code: 'INVALID_RECEIPT', topic: 'Orders' })
    expect(message.properties['POP_CK']).toBe('0 1000 60000 3 0 a 1 7')
  })

  it('ends soon for what is given back, whether or not the broker hears of all', async () => {
    const { client, time } = await setup()
    await time.release([popped(), popped({ brokerName: 'gone' }), popped()])
    const sent = client.sent(CHANGE_MESSAGE_INVISIBLETIME)
    expect(sent.map(({ header }) => header['invisibleTime'])).toEqual([1000, 1000])
  })
})
