import { describeEmulatorOnly, describeScenario } from '../support/cluster'

describeScenario('messages of special kinds', cluster => {
  cluster.it(
    'with a priority go to the queue of that number on brokers of 5.x, and to the last for more',
    async site => {
      const topic = await site.freshTopic(3)
      const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
      const queueIds: number[] = []
      for (const priority of [0, 2, 1, 7]) {
        const { messageQueue } = await producer.send({ topic, body: `priority ${priority}`, priority })
        queueIds.push(messageQueue.queueId)
      }
      if (cluster.version === '5') expect(queueIds).toEqual([0, 2, 1, 2])
      await inbox.first(4)
      expect((await inbox.text('priority 7')).properties).toMatchObject({ _SYS_MSG_PRIORITY_: '7' })
    },
  )

  cluster.it('in namespaces may wait for their time, be in transactions, and have a sharding key', async site => {
    const topic = await site.freshTopic(1)
    for (const own of [{ namespace: 'special' }, { namespaceV2: 'special' }]) {
      const { inbox } = await site.reader(topic, own)
      const producer = await site.transactionProducer({
        ...own,
        transactionListener: {
          executeLocalTransaction: (_, state) => state as 'COMMIT_MESSAGE',
          checkLocalTransaction: () => 'UNKNOW',
        },
      })
      const level = await producer.send({ topic, body: 'level', delayTimeLevel: 1, shardingKey: 's' })
      expect(level.messageQueue.topic).toBe(topic)
      const result = await producer.sendInTransaction({ topic, body: 'committed' }, 'COMMIT_MESSAGE')
      await producer.sendInTransaction({ topic, body: 'gone' }, 'ROLLBACK_MESSAGE')
      if (cluster.version === '5') {
        const timer = await producer.send({ topic, body: 'timer', delayMs: 1100 })
        const recalled = await producer.send({ topic, body: 'recalled', delayMs: 3_600_000 })
        expect(await producer.recall(topic, recalled.recallHandle as string)).toBe(recalled.msgId)
        expect((await inbox.text('timer')).msgId).toBe(timer.msgId)
      }
      expect(await inbox.text('committed')).toMatchObject({ topic, msgId: result.msgId })
      expect(await inbox.text('level')).toMatchObject({ topic, shardingKey: 's' })
      expect(inbox.texts).not.toContain('gone')
    }
  })
})

describeEmulatorOnly(
  'a topic whose order name servers tell',
  cluster => {
    cluster.it('has its queues in that order for selectors, also while a broker is gone', async site => {
      const topic = `Ordered-${site.freshGroup()}`
      const admin = await site.admin()
      await admin.createTopic({ topic, readQueueNums: 2, writeQueueNums: 2, order: true })
      const producer = await site.producer()
      const names = async () =>
        (await producer.publishMessageQueues(topic)).map(({ brokerName, queueId }) => `${brokerName} ${queueId}`)
      const all = ['broker-a 0', 'broker-a 1', 'broker-b 0', 'broker-b 1']
      expect(await names()).toEqual(all)
      await site.brokers.find(({ name }) => name === 'broker-a')?.stop()
      const other = await site.producer()
      const queues = await other.publishMessageQueues(topic)
      expect(queues.map(({ brokerName, queueId }) => `${brokerName} ${queueId}`)).toEqual(all)
      const sent = await other.send({ topic, body: 'x' }, { selector: ([, , third]) => third as never })
      expect(sent.messageQueue).toEqual({ topic, brokerName: 'broker-b', queueId: 0 })
    })
  },
  { brokers: 2, orderMessageEnable: true },
)
