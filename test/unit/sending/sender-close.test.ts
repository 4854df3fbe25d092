import { RocketMQError } from '../../../lib/errors'
import { Sender } from '../../../lib/sending/sender'
import { FakeClient } from '../../support/fake-client'
import { SENDER_SETTINGS, prepare } from '../../support/sender-setup'

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2 })
  return { client, sender: new Sender(client.asClient, 'producers', SENDER_SETTINGS) }
}

describe('a sender that is closed', () => {
  const closed = () => new RocketMQError('INVALID_STATE', 'closed', { sent: 'NO' })

  it('ends its sends, and tells which may have arrived', async () => {
    const { client, sender } = await setup()
    const outcomes = Promise.allSettled([
      sender.send(prepare(), {}),
      sender.send(prepare({ topic: 'Unknown' }), {}),
      sender.sendOneway(prepare({ topic: 'Unknown' }), {}),
    ])
    sender.close(closed)
    const ended = outcomes.then(all => all.map(each => (each.status === 'rejected' ? (each.reason as Error) : each)))
    await client.settle()
    expect(await ended).toMatchObject([
      { code: 'INVALID_STATE', sent: 'UNKNOWN', attempts: 1 },
      { code: 'INVALID_STATE', sent: 'NO', attempts: 0 },
      { sent: 'NO' },
    ])
    expect(client.hot).toHaveLength(1)
  })

  it('begins no other', async () => {
    const { client, sender } = await setup()
    sender.close(closed)
    await expect(sender.send(prepare(), {})).rejects.toMatchObject({ code: 'INVALID_STATE', sent: 'NO' })
    await expect(sender.sendOneway(prepare(), {})).rejects.toMatchObject({ code: 'INVALID_STATE', sent: 'NO' })
    expect(client.hot).toHaveLength(0)
  })
})
