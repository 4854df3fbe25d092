import { type IndexQuery, KeyIndex } from '../../../../lib/emulator/store/key-index'
import { MessageStore } from '../../../../lib/emulator/store/message-store'
import { hostBytes } from '../../../../lib/wire/host-address'
import { encodeProperties } from '../../../../lib/wire/properties'

const HOST = hostBytes('127.0.0.1:10911')

function store(maxBytes = 1_000_000): MessageStore {
  return new MessageStore({ maxBytes, indexesTags: true, slabBytes: 1000 })
}

function append(target: MessageStore, properties: Record<string, string>, time = 1000): number {
  const common = { topic: 'T', queueId: 0, flag: 0, body: Buffer.from('x'), tagsCode: 0, sysFlag: 0 }
  const hosts = { bornTimestamp: 1, bornHost: HOST, storeHost: HOST, reconsumeTimes: 0 }
  return target.append({ ...common, ...hosts, properties: encodeProperties(properties) }, time).commitLogOffset
}

function find(index: KeyIndex, query: Partial<IndexQuery>): number[] {
  return index.find({ topic: 'T', key: 'k', kind: 'KEY', begin: 0, end: Number.MAX_SAFE_INTEGER, maxNum: 32, ...query })
}

describe('KeyIndex', () => {
  it('finds messages by each of their keys and by their unique key', () => {
    const target = store()
    const offset = append(target, { KEYS: 'k other', UNIQ_KEY: 'ABC' })
    const index = new KeyIndex(target.log, false)
    for (const key of ['k', 'other', 'ABC']) expect(find(index, { key })).toEqual([offset])
    for (const key of ['k other', 'nobody']) expect(find(index, { key })).toEqual([])
    expect(find(index, { topic: 'U' })).toEqual([])
  })

  it('knows messages that came after it was built', () => {
    const target = store()
    const index = new KeyIndex(target.log, false)
    expect(find(index, {})).toEqual([])
    const offsets = [append(target, { KEYS: 'k' }), append(target, { KEYS: 'k' })]
    expect(find(index, {})).toEqual(offsets)
  })

  it('gives the newest where there are too many, in their order', () => {
    const target = store()
    const offsets = [1, 2, 3].map(() => append(target, { KEYS: 'k' }))
    expect(find(new KeyIndex(target.log, false), { maxNum: 2 })).toEqual(offsets.slice(1))
  })

  it('looks at times, by whole seconds since its first message', () => {
    const target = store()
    const [first, second, third] = [1500, 2600, 4000].map(time => append(target, { KEYS: 'k' }, time))
    const index = new KeyIndex(target.log, false)
    expect(find(index, { begin: 2500, end: 2500 })).toEqual([second])
    expect(find(index, { end: 2499 })).toEqual([first])
    expect(find(index, { begin: 2501 })).toEqual([third])
  })

  it('keeps tags apart from keys, and only where it is told to', () => {
    const target = store()
    const offset = append(target, { TAGS: 'k' })
    expect(find(new KeyIndex(target.log, true), { kind: 'TAG' })).toEqual([offset])
    expect(find(new KeyIndex(target.log, true), {})).toEqual([])
    expect(find(new KeyIndex(target.log, false), { kind: 'TAG' })).toEqual([])
  })

  it('gives nothing that was dropped, and starts anew where most was', () => {
    const target = store(3000)
    const index = new KeyIndex(target.log, false)
    append(target, { KEYS: 'k' })
    expect(find(index, {})).toHaveLength(1)
    for (let i = 0; i < 100; i++) append(target, { KEYS: 'k' })
    const found = find(index, { maxNum: 1000 })
    expect(found.length).toBeGreaterThan(5)
    expect(found[0]).toBeGreaterThanOrEqual(target.log.minOffset)
    expect(found.every(offset => target.log.readRecord(offset) !== undefined)).toBe(true)
  })

  it('tells of the last message that has a key', () => {
    const target = store()
    const offset = append(target, { KEYS: 'k' }, 7000)
    append(target, {}, 8000)
    const index = new KeyIndex(target.log, false)
    find(index, {})
    expect(index.last).toEqual({ offset, storeTime: 7000 })
  })
})
