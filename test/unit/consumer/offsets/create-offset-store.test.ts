import { BrokerOffsetStore } from '../../../../lib/consumer/offsets/broker-offset-store'
import { CheckedOffsetStore } from '../../../../lib/consumer/offsets/checked-offset-store'
import { createOffsetStore } from '../../../../lib/consumer/offsets/create-offset-store'
import { LocalFileOffsetStore } from '../../../../lib/consumer/offsets/local-file-offset-store'
import { type GroupOptions, resolveGroupOptions } from '../../../../lib/consumer/group-options'
import { FakeClient } from '../../../support/fake-client'

const create = (options: Partial<GroupOptions>, client = new FakeClient()) =>
  createOffsetStore(client.asClient, resolveGroupOptions({ consumerGroup: 'g', ...options }))

describe('the offsets of a group', () => {
  it('are on the brokers, and for broadcasting in a file that is found by client and group', () => {
    expect(create({})).toBeInstanceOf(BrokerOffsetStore)
    const store = create({ messageModel: 'BROADCASTING', localOffsetStoreDir: '/offsets' })
    expect(store).toBeInstanceOf(LocalFileOffsetStore)
    expect((store as LocalFileOffsetStore).path).toMatch(/^.offsets.10\.0\.0\.1@1.g.offsets\.json$/)
  })

  it('of a broadcasting member with a key are on the brokers', () => {
    expect(create({ messageModel: 'BROADCASTING', broadcastOffsetKey: 'a' })).toBeInstanceOf(BrokerOffsetStore)
  })

  it('are in a file of their own for each namespace', () => {
    const store = create({ messageModel: 'BROADCASTING', localOffsetStoreDir: '/offsets' }, new FakeClient('shop'))
    expect((store as LocalFileOffsetStore).path).toMatch(/10\.0\.0\.1@1.shop%g.offsets\.json$/)
  })

  it('are where the user keeps them, if he does, and checked', () => {
    const offsetStore = new BrokerOffsetStore('other', new FakeClient().offsets)
    const queue = { topic: 'T', brokerName: 'a', queueId: 0 }
    const store = create({ offsetStore, messageModel: 'BROADCASTING' })
    store.update(queue, 7, { increaseOnly: true })
    expect(offsetStore.current(queue)).toBe(7)
    expect(store).toBeInstanceOf(CheckedOffsetStore)
  })
})
