import { PullConsumer } from '../../../lib/consumer/pull/pull-consumer'
import { storedMessage } from '../../support/records'

describe('a consumer that replies', () => {
  it('must have been started', async () => {
    const consumer = new PullConsumer({ namesrvAddr: '127.0.0.1:1', consumerGroup: 'g' })
    const error = { code: 'INVALID_STATE', message: 'consumer g is created and cannot reply', sent: 'NO' }
    await expect(consumer.reply(storedMessage(), 'x')).rejects.toMatchObject(error)
  })
})
