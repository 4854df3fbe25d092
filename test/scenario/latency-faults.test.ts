import { describeEmulatorOnly, describeScenario } from '../support/cluster'

const AVOIDING = { sendLatencyFaultEnable: true, startDetectorEnable: true } as const

describeScenario('a producer that avoids slow brokers', cluster => {
  cluster.it('sends as any other where brokers do well', async site => {
    const topic = await site.freshTopic(4)
    const [producer, { inbox }] = await Promise.all([
      site.producer({ ...AVOIDING, sendMsgMaxTimeoutPerRequestMs: 2000, retryResponseCodes: [13] }),
      site.reader(topic),
    ])
    const results = []
    for (let i = 0; i < 12; i++) results.push(await producer.send({ topic, body: `body ${i}` }))
    await inbox.first(12)
    const queues = new Set(results.map(({ messageQueue }) => `${messageQueue.brokerName}/${messageQueue.queueId}`))
    expect(queues.size).toBeGreaterThanOrEqual(4)
  })
})

describeEmulatorOnly(
  'a producer that avoids slow brokers',
  cluster => {
    cluster.it('sends to the other ones after a broker failed', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer({ ...AVOIDING, sendTimeoutMs: 10_000 })
      const [bad] = site.brokers as [(typeof site.brokers)[0]]
      const control = site.control('SEND_MESSAGE_V2', () => ({ code: 'SYSTEM_BUSY', remark: 'busy' }) as const, {
        times: 'keep',
        broker: bad.name,
      })
      const send = async (): Promise<string> => (await producer.send({ topic, body: 'b' })).messageQueue.brokerName
      const brokers: string[] = []
      for (let i = 0; i < 20; i++) brokers.push(await send())
      expect(new Set(brokers).has(bad.name)).toBe(false)
      // Once or twice, until it was known; without the option every second send.
      expect(control.seen).toBeLessThanOrEqual(2)
      expect(producer.stats().avoidedBrokers).toMatchObject([{ brokerName: bad.name }])
    })

    cluster.it('leaves a try that takes too long for another broker', async site => {
      const topic = await site.freshTopic(2)
      const producer = await site.producer({ ...AVOIDING, sendTimeoutMs: 20_000, sendMsgMaxTimeoutPerRequestMs: 100 })
      const [slow] = site.brokers as [(typeof site.brokers)[0]]
      site.control('SEND_MESSAGE_V2', () => 'drop', { times: 'keep', broker: slow.name })
      for (let i = 0; i < 4; i++) {
        const { messageQueue } = await producer.send({ topic, body: 'b' })
        expect(messageQueue.brokerName).not.toBe(slow.name)
      }
    })
  },
  { brokers: 2 },
)
