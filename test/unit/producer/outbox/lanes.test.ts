import files from 'node:fs/promises'
import { type Lane, Lanes } from '../../../../lib/producer/outbox/lanes'
import { Segment } from '../../../../lib/producer/outbox/segment'
import { entryOf } from '../../../../lib/producer/outbox/spool-entry'
import { spooled } from '../../../support/spool-setup'

const segment = new Segment(files, '.', 1)

function lanesWith(...keys: string[]): Lanes {
  const lanes = new Lanes()
  keys.forEach((shardingKey, offset) => lanes.add(entryOf(segment, { offset, size: 1 }, spooled({ shardingKey }))))
  return lanes
}

const keyOf = (lane: Lane | undefined): string | undefined => lane?.name.split('\u0001')[2]

describe('lanes of what waits', () => {
  it('give each lane to one at a time, in turn, and its messages in order', () => {
    const lanes = lanesWith('a', 'b', 'a')
    const [a, b] = [lanes.take(0), lanes.take(0)] as [Lane, Lane]
    expect([keyOf(a), keyOf(b), lanes.take(0)]).toEqual(['a', 'b', undefined])
    expect([a.entries.first?.offset, b.entries.first?.offset]).toEqual([0, 1])
    lanes.next(a)
    expect([lanes.take(0)?.entries.first?.offset, lanes.size, lanes.oldest?.offset]).toEqual([2, 2, 1])
  })

  it('are forgotten when nothing of them waits', () => {
    const lanes = lanesWith('a')
    const lane = lanes.take(0) as Lane
    expect([lanes.has(lane.name), lanes.hasTopic('T')]).toEqual([true, true])
    lanes.next(lane)
    expect([lanes.has(lane.name), lanes.hasTopic('T'), lanes.size]).toEqual([false, false, 0])
  })

  it('rest until their time, or until all are woken', () => {
    const lanes = lanesWith('a', 'b')
    lanes.rest(lanes.take(0) as Lane, 10)
    lanes.rest(lanes.take(0) as Lane, 20)
    expect([lanes.nextDue, lanes.take(9)]).toEqual([10, undefined])
    expect([keyOf(lanes.take(10)), lanes.nextDue]).toEqual(['a', 20])
    lanes.wakeAll()
    expect([keyOf(lanes.take(11)), lanes.nextDue]).toEqual(['b', Infinity])
  })

  it('that may be tried again come after those that are ready', () => {
    const lanes = lanesWith('a', 'b')
    lanes.again(lanes.take(0) as Lane)
    expect([keyOf(lanes.take(0)), keyOf(lanes.take(0))]).toEqual(['b', 'a'])
  })
})
