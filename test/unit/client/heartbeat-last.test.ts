import { ClientInstance } from '../../../lib/client/client-instance'
import { HEART_BEAT } from '../../../lib/commands/client'
import { ClientSite, consumerOf } from '../../support/client-site'

let site: ClientSite
let client: ClientInstance
beforeEach(async () => {
  site = await ClientSite.start()
  site.topic('T')
  client = new ClientInstance(site.options(), 'i')
  await client.join(consumerOf('g', 'T'), {})
})
afterEach(async () => {
  await client.shutdown()
  await site.stop()
})

describe('the last heartbeat to a broker', () => {
  it('is when the broker answered last, and why the last one failed', async () => {
    const { address } = site.broker
    expect(client.lastHeartbeat(address)).toBeUndefined()
    await client.heartbeat()
    const answered = { at: site.clock.now(), monotonicAt: site.clock.monotonic() }
    expect(client.lastHeartbeat(address)).toEqual({ answered, error: undefined })
    expect(client.connections).toBe(2)
    await site.clock.advance(1000)
    site.broker.server.handlers.on(HEART_BEAT, () => {
      throw new Error('not now')
    })
    await client.heartbeat()
    const error = expect.objectContaining({ message: expect.stringContaining('not now') })
    expect(client.lastHeartbeat(address)).toEqual({ answered, error })
  })

  it('is forgotten with a broker that is in no route any more', async () => {
    const { address } = site.broker
    await client.heartbeat()
    site.routes.delete('T')
    for (const member of [...client.members]) await client.leave(member)
    await client.heartbeat()
    expect(client.lastHeartbeat(address)).toBeUndefined()
  })
})
