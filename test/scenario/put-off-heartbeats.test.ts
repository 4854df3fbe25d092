import type { PushConsumer } from '../../lib/index'
import { describeEmulatorOnly } from '../support/cluster'

/** Those of its topic and of its retry topic, which has one. */
const queuesOf = (consumer: PushConsumer) =>
  consumer.stats().queues.filter(({ queue: { topic } }) => !topic.startsWith('%RETRY%')).length
const putOff = () => ({ code: 'SYSTEM_ERROR', remark: 'not now' }) as const

describeEmulatorOnly('a broker that puts off a heartbeat', cluster => {
  cluster.it('is told again within the start, which ends with the queues', async site => {
    const topic = await site.freshTopic(2)
    site.control('HEART_BEAT', putOff, { times: 2 })
    const { inbox, consumer } = await site.reader(topic)
    expect(queuesOf(consumer)).toBe(2)
    await (await site.producer()).send({ topic, body: 'right after the start' })
    await inbox.text('right after the start')
  })

  cluster.it('for long has the start end all the same, and says why there are no queues', async site => {
    const topic = await site.freshTopic(2)
    const errors: string[] = []
    const consumer = site
      .newConsumer({ heartbeatBrokerIntervalMs: 1000 })
      .subscribe(topic)
      .consumeEach(() => undefined)
    consumer.on('assigned', site.changes.notify)
    consumer.on('backgroundError', error => errors.push(error.message))
    const control = site.control('HEART_BEAT', putOff, { times: 'keep' })
    await consumer.start()
    expect(queuesOf(consumer)).toBe(0)
    expect(errors.join('\n')).toContain('HEART_BEAT was answered SYSTEM_ERROR')
    control.release()
    await site.until(() => queuesOf(consumer) === 2, { what: 'the queues' })
  })
})
