import { systemClock } from '../../lib/runtime/clock'
import { answered } from '../support/until'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'

describeScenario('health', cluster => {
  cluster.it(
    'is UP from the start of every client to its shutdown, with the brokers and their heartbeats',
    async site => {
      const topic = await site.freshTopic(1)
      const [producer, lite, pull, admin] = await Promise.all([
        site.producer({ topics: [topic] }),
        site.litePullConsumer(topic),
        site.pullConsumer(),
        site.admin(),
      ])
      const { consumer } = await site.reader(topic)
      for (const member of [producer, consumer, lite, pull, admin]) {
        expect(member.health()).toMatchObject({ status: 'UP', state: 'running', reasons: [] })
        expect(member.health().nameServers.some(({ connected }) => connected)).toBe(true)
      }
      const [broker] = consumer.health().brokers
      expect(broker).toMatchObject({ brokerId: 0, connected: true, error: undefined })
      expect(Math.abs(systemClock.now() - (broker?.lastHeartbeatAt ?? 0))).toBeLessThan(60_000)
      await producer.shutdown()
      expect(producer.health()).toMatchObject({ status: 'DOWN', reasons: ['it is stopped'] })
    },
  )
})

describeEmulatorOnly(
  'health of a cluster',
  cluster => {
    cluster.it('is DEGRADED without one of two brokers, says why, and is UP when it is back', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer({ topics: [topic], heartbeatBrokerIntervalMs: 200 })
      expect(producer.health().status).toBe('UP')
      const [broker] = site.brokers
      await broker?.kill()
      const admin = await site.admin()
      const look = () => admin.topics().then(() => producer.health())
      const missing = await answered(look, ({ status }) => status !== 'UP', { what: 'the loss of a broker' })
      expect(missing.status).toBe('DEGRADED')
      expect(missing.reasons).toHaveLength(1)
      expect(missing.reasons[0]).toContain(`broker ${broker?.name} at `)
      await broker?.restart()
      await answered(look, ({ status }) => status === 'UP', { what: 'the return of the broker' })
    })
  },
  { brokers: 2 },
)

describeEmulatorOnly('health without servers', cluster => {
  cluster.it('is DOWN before the start, and when the only broker is gone', async site => {
    const topic = await site.freshTopic(1)
    const producer = site.newProducer({ topics: [topic], heartbeatBrokerIntervalMs: 200 })
    expect(producer.health()).toMatchObject({ status: 'DOWN', state: 'created', brokers: [], nameServers: [] })
    await producer.start()
    await site.emulator.brokers[0]?.stop()
    await site.until(() => producer.health().status === 'DOWN', { what: 'the loss of the broker' })
  })
})
