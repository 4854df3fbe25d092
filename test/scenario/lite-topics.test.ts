import { LiteSimpleConsumer } from '../../lib/index'
import { describeScenario } from '../support/cluster'

describeScenario('lite topics', cluster => {
  if (cluster.kind === 'real' && cluster.version === '5') {
    cluster.skip('are refused with a clear error by brokers that do not know them', 'these brokers know them')
    return
  }

  cluster.it('are refused with a clear error by brokers that do not know them', async site => {
    const topic = await site.freshTopic(1)
    const consumer = new LiteSimpleConsumer({
      namesrvAddr: site.namesrvAddr,
      consumerGroup: site.freshGroup(),
      topic,
    })
    await expect(consumer.start()).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      message: expect.stringContaining('lite topics'),
    })
    await consumer.shutdown()
  })
})
