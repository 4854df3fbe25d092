import { Sender } from '../../../lib/sending/sender'
import { FakeClient } from '../../support/fake-client'
import { SENDER_SETTINGS, prepare } from '../../support/sender-setup'

/** The fields of the frame of a send. */
async function sent(client: FakeClient): Promise<Record<string, string | null>> {
  await client.knownTopic('T', { a: 1 })
  const sender = new Sender(client.asClient, 'producers', SENDER_SETTINGS)
  void sender.send(prepare(), {})
  return client.hot[0]?.entry.content.extFields ?? {}
}

describe('a send', () => {
  it('names topic and group within a namespace as brokers know them, and the namespace', async () => {
    const fields = await sent(new FakeClient('shop'))
    expect(fields).toMatchObject({ a: 'shop%producers', b: 'shop%T', c: 'TBW102', k: 'false' })
    expect(fields['i']).toContain('INSTANCE_ID\u0001shop\u0002')
  })

  it('has nothing of a namespace where there is none', async () => {
    const fields = await sent(new FakeClient())
    expect(fields).toMatchObject({ a: 'producers', b: 'T' })
    expect(fields['i']).not.toContain('INSTANCE_ID')
  })

  it('says that it is of a unitised deployment', async () => {
    const client = new FakeClient()
    client.options.unitMode = true
    expect(await sent(client)).toMatchObject({ k: 'true' })
  })
})
