import { propertyFilter, tagsFilter } from '../../../lib/emulator/message-filter'
import { parseSql92 } from '../../../lib/emulator/sql92/parser'
import { ConsumeQueue } from '../../../lib/emulator/store/consume-queue'
import { MessageStore } from '../../../lib/emulator/store/message-store'
import { hostBytes } from '../../../lib/wire/host-address'
import { encodeProperties } from '../../../lib/wire/properties'

const HOST = hostBytes('127.0.0.1:10911')

function stored(...messages: Record<string, string>[]) {
  const store = new MessageStore({ maxBytes: 1_000_000, indexesTags: false })
  const common = { topic: 'T', queueId: 0, flag: 0, sysFlag: 0, bornTimestamp: 1, reconsumeTimes: 0 }
  messages.forEach((properties, i) => {
    const text = encodeProperties(properties)
    const own = { tagsCode: i, body: Buffer.from('x'), properties: text, bornHost: HOST, storeHost: HOST }
    store.append({ ...common, ...own }, 1)
  })
  return { log: store.log, queue: store.queue('T', 0) }
}

describe('tagsFilter', () => {
  it('lets the hashes of the tags through', () => {
    const { queue } = stored({}, {}, {})
    expect([0, 1, 2].filter(offset => tagsFilter([2, 0, 7])(queue, offset))).toEqual([0, 2])
  })
})

describe('propertyFilter', () => {
  it('lets through what the condition is true of', () => {
    const { log, queue } = stored({ a: '1' }, { a: '5', TAGS: 't' }, { a: 'x' }, {}, { __proto__: '5', a: '7' })
    const matching = (expression: string): number[] =>
      [0, 1, 2, 3, 4].filter(offset => propertyFilter(log, parseSql92(expression))(queue, offset))
    expect(matching('a > 1')).toEqual([1, 4])
    expect(matching("TAGS = 't'")).toEqual([1])
    expect(matching('a IS NULL')).toEqual([3])
    expect(matching('constructor IS NOT NULL')).toEqual([])
  })

  it('lets nothing through that is no longer stored', () => {
    const { log } = stored({ a: '1' })
    const queue = new ConsumeQueue('T', 0)
    queue.append(1_000_000, { size: 10, tagsCode: 0, storeTime: 1 })
    expect(propertyFilter(log, parseSql92('TRUE'))(queue, 0)).toBe(false)
  })
})
