import { connect } from 'node:net'
import { AdminClient, type Dialer } from '../../lib/index'
import { describeScenario } from '../support/cluster'

/** A dialer that notes where it was asked to go; `instead` is the address that is called instead of another. */
function noting(instead: (port: number) => number = port => port): { dialer: Dialer; ports: number[] } {
  const ports: number[] = []
  const dialer: Dialer = ({ host, port }) =>
    new Promise((resolve, reject) => {
      ports.push(port)
      const socket = connect({ host, port: instead(port) }, () => resolve(socket.off('error', reject)))
      socket.once('error', reject)
    })
  return { dialer, ports }
}

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1))

describeScenario('connections', cluster => {
  cluster.it('go through the dialer that is given, all of them', async site => {
    const topic = await site.freshTopic()
    const { dialer, ports } = noting()
    const producer = await site.producer({ advanced: { dialer } })
    await producer.send({ topic, body: 'dialled' })
    const reader = await site.reader(topic, { advanced: { dialer } })
    await reader.inbox.text('dialled')
    expect(ports).toContain(portOf(site.namesrvAddr))
    expect(new Set(ports).size).toBe(2)
  })

  cluster.it('carry sends and administration to the VIP port where that is wanted, and pulls never', async site => {
    const topic = await site.freshTopic()
    const [broker] = await (await site.admin()).topicRoute(topic).then(route => route.brokerDatas)
    const port = portOf(broker?.brokerAddrs.get(0) ?? '')
    // The emulator has no such port: what is meant for it goes to the other one.
    const { dialer, ports } = noting(asked => (cluster.kind === 'emulator' && asked === port - 2 ? port : asked))
    const options = { vipChannelEnabled: true, advanced: { dialer } }
    const producer = await site.producer(options)
    await producer.send({ topic, body: 'by the second door' })
    await producer.sendOneway({ topic, body: 'oneway' })
    const admin = new AdminClient({ namesrvAddr: site.namesrvAddr, ...options })
    site.onEnd(() => admin.shutdown())
    await admin.start()
    await admin.topicStats(topic)
    expect(ports.filter(asked => asked === port - 2).length).toBeGreaterThanOrEqual(2)
    const pulled = noting()
    const reader = await site.reader(topic, { vipChannelEnabled: true, advanced: { dialer: pulled.dialer } })
    await reader.inbox.text('by the second door')
    expect(pulled.ports).toContain(port)
    expect(pulled.ports).not.toContain(port - 2)
  })
})
