import files from 'node:fs/promises'
import { Segment } from '../../../../lib/producer/outbox/segment'
import { entryOf, orderedLane } from '../../../../lib/producer/outbox/spool-entry'
import { spooled } from '../../../support/spool-setup'

const queue = { brokerName: 'b', queueId: 1 }

describe('lanes', () => {
  it('are those of the sharding key, else of the queue that was chosen', () => {
    const lane = orderedLane({ topic: 'T', shardingKey: 'k' })
    expect(orderedLane({ topic: 'T', shardingKey: 'k', queue })).toBe(lane)
    expect(
      new Set([lane, orderedLane({ topic: 'U', shardingKey: 'k' }), orderedLane({ topic: 'T', queue })]).size,
    ).toBe(3)
    expect([orderedLane({ topic: 'T' }), orderedLane({ topic: 'T', shardingKey: '' })]).toEqual([undefined, undefined])
  })

  it('are several for messages without order', () => {
    const segment = new Segment(files, '.', 1)
    const lanes = [0, 1, 2].map(offset => entryOf(segment, { offset, size: 1 }, spooled()).lane)
    expect(new Set(lanes).size).toBe(3)
    const keyed = [0, 1, 2].map(offset => entryOf(segment, { offset, size: 1 }, spooled({ shardingKey: 'k' })).lane)
    expect(new Set(keyed).size).toBe(1)
  })
})
