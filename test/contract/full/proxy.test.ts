import type { MessageQueue, TransactionListener } from '../../../lib/index'
import { describeOwnServers } from '../../support/cluster'
import { PATIENTLY } from '../../support/site'
import { startRealProxy } from '../real/real-proxy'
import { requireTarget } from '../real/target'

const { version } = requireTarget()
const brokerConf = { transactionTimeOut: '1000', transactionCheckInterval: '1000' }
const describeProxied = version === '5.5.0' ? describeOwnServers : () => undefined

describeProxied('behind a proxy, slowly', { brokerConf }, cluster => {
  cluster.it('cluster: the end of a transaction counts once the broker has asked for it', async site => {
    const proxy = await startRealProxy({ version, namesrvAddr: site.namesrvAddr })
    site.onEnd(() => proxy.stop())
    const topic = `Paid-${site.freshGroup()}`
    await (await site.admin()).createTopic({ topic, messageType: 'TRANSACTION' })
    const asked: string[] = []
    let mayAnswer = false
    const verdicts = { committed: 'COMMIT_MESSAGE', rolled: 'ROLLBACK_MESSAGE' } as const
    const transactionListener: TransactionListener = {
      executeLocalTransaction: async message => verdicts[message.body as 'committed'],
      checkLocalTransaction: async message => {
        asked.push(message.text())
        site.changes.notify()
        return mayAnswer ? verdicts[message.text() as 'committed'] : 'UNKNOW'
      },
    }
    const producer = await site.transactionProducer({ namesrvAddr: proxy.address, transactionListener })
    for (const body of ['rolled', 'committed']) {
      expect(await producer.sendInTransaction({ topic, body })).toMatchObject({ sendStatus: 'SEND_OK' })
    }
    const { inbox } = await site.reader(topic, { namesrvAddr: proxy.address })
    const all = (): boolean => new Set(asked).size === 2
    await site.until(all, { what: () => `questions about both transactions; there came: ${asked.join(', ')}` })
    expect(inbox.texts).toEqual([])
    mayAnswer = true
    await inbox.first(1)
    expect(inbox.texts).toEqual(['committed'])
  })

  cluster.it('cluster: members of a group hear of each other when they rebalance next', async site => {
    const proxy = await startRealProxy({ version, namesrvAddr: site.namesrvAddr })
    site.onEnd(() => proxy.stop())
    const topic = await site.freshTopic(4)
    const consumerGroup = site.freshGroup()
    const held: Record<string, Set<number>> = {}
    const member = async (instanceName: string) => {
      const queues = (held[instanceName] = new Set<number>())
      const options = { namesrvAddr: proxy.address, consumerGroup, advanced: { instanceName } }
      const consumer = site
        .newConsumer(options)
        .subscribe(topic)
        .consumeEach(() => undefined)
      const ids = (of: readonly MessageQueue[]): number[] =>
        of.filter(queue => queue.topic === topic).map(({ queueId }) => queueId)
      consumer.on('assigned', of => ids(of).forEach(id => queues.add(id)))
      consumer.on('revoked', of => ids(of).forEach(id => queues.delete(id)))
      for (const event of ['assigned', 'revoked'] as const) consumer.on(event, site.changes.notify)
      await consumer.start(PATIENTLY)
      return consumer
    }
    const shared = (first: number, second: number): Promise<void> => {
      const sizes = (): string =>
        Object.values(held)
          .map(queues => queues.size)
          .join()
      const isSo = (): boolean => sizes() === `${first},${second}`
      return site.until(isSo, { what: () => `shares of ${first} and ${second} queues, not ${sizes()}` })
    }
    await member('first')
    const second = await member('second')
    await shared(2, 2)
    await second.shutdown()
    // It tells of no queue that it gives up then.
    await shared(4, 2)
  })
})

// A file without a test would be a failure.
if (version !== '5.5.0') it.skip('proxies stand before brokers of 5.x', () => undefined)
