import { GET_CONSUMER_CONNECTION_LIST, INVOKE_BROKER_TO_RESET_OFFSET } from '../../../lib/commands/group'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import type { EmulatedBroker } from '../../../lib/emulator/index'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { EmulatorSite, consumerData, messagesOf } from '../../support/emulator-site'

describe('Broker', () => {
  it('leaves the routes when it stops and comes back to its port with all that it stored', async () => {
    await using site = await EmulatorSite.start()
    const [broker] = site.emulator.brokers
    await site.send('Orders')
    const { address } = site
    const route = () => site.ask(GET_ROUTEINFO_BY_TOPIC, { header: { topic: 'Orders' } })
    await broker?.stop()
    expect((await route()).code).toBe('TOPIC_NOT_EXIST')
    expect(broker?.isRunning).toBe(false)
    await broker?.start()
    expect(await route()).toMatchObject({ body: { brokerDatas: [{ brokerAddrs: new Map([[0, address]]) }] } })
    const found = messagesOf(await site.pull('Orders', {}, { client: site.newClient() }))
    expect(found.map(message => message.text())).toEqual(['hello'])
  })

  it('knows no clients any more after a restart', async () => {
    await using site = await EmulatorSite.start()
    const group = { header: { consumerGroup: 'billing' } }
    await site.heartbeat(site.client, { clientID: 'c', consumerDataSet: [consumerData('billing', ['Orders'])] })
    expect(await site.invoke(GET_CONSUMER_CONNECTION_LIST, group)).toMatchObject({ code: 'SUCCESS' })
    await site.emulator.brokers[0]?.restart()
    const answer = await site.invoke(GET_CONSUMER_CONNECTION_LIST, group, site.newClient())
    expect(answer).toMatchObject({ code: 'CONSUMER_NOT_ONLINE' })
  })

  it('has forgotten after a restart that offsets were reset, and kept where to', async () => {
    await using site = await EmulatorSite.start()
    for (let i = 0; i < 3; i++) await site.send('Orders')
    await site.pull('Orders', { sysFlag: 5, commitOffset: 3 })
    const header = { topic: 'Orders', group: 'billing', timestamp: 0, isForce: true }
    await site.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header })
    await site.emulator.brokers[0]?.restart()
    const reply = await site.pull('Orders', { queueOffset: 1 }, { client: site.newClient() })
    expect([reply.code, site.emulator.consumerOffset('billing', 'Orders')]).toEqual(['SUCCESS', 0])
  })

  it('closes the whole channel of a client that leaves a group out of its heartbeats', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    const { client } = site
    const channel = await client.connect(site.address)
    const kept = { clientID: 'c', consumerDataSet: [consumerData('kept', ['Orders'])] }
    await site.heartbeat(client, kept)
    await site.heartbeat(client, { clientID: 'c', producerDataSet: [{ groupName: 'left' }] })
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await clock.advance(10_000)
      await site.heartbeat(client, kept)
    }
    expect(channel.state).toBe('open')
    await clock.advance(10_000)
    expect(channel.state).toBe('closed')
  })

  it('starts and stops once', async () => {
    await using site = await EmulatorSite.start()
    const [broker] = site.emulator.brokers
    await broker?.start()
    await Promise.all([broker?.stop(), broker?.stop()])
    await broker?.start()
    expect(await site.send('Orders')).toMatchObject({ code: 'SUCCESS' })
  })

  it('does one thing after the other where it is told several at once', async () => {
    await using site = await EmulatorSite.start()
    const broker = site.emulator.brokers[0] as EmulatedBroker
    await Promise.all([broker.restart(), broker.restart(), broker.stop(), broker.start()])
    expect(broker.isRunning).toBe(true)
    expect(await site.send('Orders')).toMatchObject({ code: 'SUCCESS' })
    await Promise.all([broker.start(), broker.stop()])
    expect(broker.isRunning).toBe(false)
  })

  it('delivers delayed messages that fell due while it was down', async () => {
    const clock = new ManualClock()
    await using site = await EmulatorSite.start({ clock })
    const [broker] = site.emulator.brokers
    await site.send('Orders', { properties: { DELAY: '1' } })
    await broker?.stop()
    await clock.advance(2000)
    expect(site.emulator.messages('Orders')).toEqual([])
    await broker?.start()
    expect(site.emulator.messages('Orders')).toHaveLength(1)
  })
})
