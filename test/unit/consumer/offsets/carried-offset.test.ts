import { BrokerOffsetStore } from '../../../../lib/consumer/offsets/broker-offset-store'
import { carriedOffset } from '../../../../lib/consumer/offsets/carried-offset'
import { QUERY_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { FakeClient } from '../../../support/fake-client'

const queue = { topic: 'T', brokerName: 'a', queueId: 0 }

describe('the offset that a pull carries', () => {
  it('is the newest of a store of the user, or 0', () => {
    expect(carriedOffset({ current: () => 42 }, queue)).toBe(42)
    expect(carriedOffset({ current: () => undefined }, queue)).toBe(0)
  })

  it('is 0 as long as the broker has no place for it', async () => {
    const client = new FakeClient()
    await client.knownTopic('T', { a: 1 })
    const store = new BrokerOffsetStore('g', client.offsets)
    store.update(queue, 42, { increaseOnly: true })
    expect(carriedOffset(store, queue)).toBe(0)
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 40 } }))
    await store.read(queue)
    expect(carriedOffset(store, queue)).toBe(42)
  })
})
