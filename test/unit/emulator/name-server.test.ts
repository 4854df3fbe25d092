import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import { registerNameServerHandlers } from '../../../lib/emulator/handlers/index'
import { NameServer } from '../../../lib/emulator/name-server'
import { topicConfig } from '../../../lib/emulator/topics'
import { sharedParts } from '../../support/emulator-parts'
import { loopbackClient } from '../../support/loopback-client'

const BROKER = { clusterName: 'c', brokerName: 'broker-a', brokerId: 0, address: '127.0.0.1:1' }

describe('NameServer', () => {
  it('tells clients of the brokers that are registered, and keeps them over a stop', async () => {
    const shared = sharedParts()
    const server = new NameServer({ ...shared, orderMessageEnable: false, port: 0 })
    registerNameServerHandlers(server)
    const client = loopbackClient({ clock: shared.clock })
    const later = loopbackClient({ clock: shared.clock })
    const ask = (by = client) => by.invoke(server.address, GET_ROUTEINFO_BY_TOPIC, { header: { topic: 'Orders' } })
    await server.start()
    try {
      expect(await ask()).toMatchObject({ code: 'TOPIC_NOT_EXIST' })
      server.register(BROKER, [topicConfig('Orders', 4)])
      expect(await ask()).toMatchObject({ code: 'SUCCESS', body: { brokerDatas: [{ brokerName: 'broker-a' }] } })
      const { address } = server
      await server.stop()
      await Promise.all([server.start(), server.start()])
      expect(server.address).toBe(address)
      expect((await ask(later)).code).toBe('SUCCESS')
      server.unregister(BROKER)
      expect((await ask(later)).code).toBe('TOPIC_NOT_EXIST')
    } finally {
      await Promise.all([client.close(), later.close()])
      await server.stop()
    }
  })
})
