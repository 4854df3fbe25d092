import { MessageStore, type MessageToStore } from '../../../../lib/emulator/store/message-store'
import { hostBytes } from '../../../../lib/wire/host-address'
import { decodeStoredMessages } from '../../../../lib/wire/stored-message-decoder'
import { CONTEXT } from '../../../support/records'

const HOST = hostBytes('127.0.0.1:10911')

function message(fields: Partial<MessageToStore> = {}): MessageToStore {
  return {
    topic: 'T',
    queueId: 0,
    flag: 3,
    body: Buffer.from('hello'),
    properties: 'TAGS\u0001a\u0002',
    tagsCode: 97,
    sysFlag: 0,
    bornTimestamp: 1,
    bornHost: HOST,
    storeHost: HOST,
    reconsumeTimes: 2,
    ...fields,
  }
}

function store(maxBytes = 1_000_000): MessageStore {
  return new MessageStore({ maxBytes, indexesTags: true, slabBytes: 1000 })
}

describe('MessageStore', () => {
  it('gives each queue offsets of its own and the log one of them all', () => {
    const target = store()
    const places = [message(), message({ queueId: 1 }), message()].map(each => target.append(each, 5))
    expect(places.map(({ queueOffset }) => queueOffset)).toEqual([0, 0, 1])
    expect(places[1]?.commitLogOffset).toBe(places[0]?.size)
  })

  it('writes all that it was given into the record', () => {
    const target = store()
    const { commitLogOffset } = target.append(message(), 1234)
    const record = target.log.readRecord(commitLogOffset) as Buffer
    const [stored] = decodeStoredMessages(record, CONTEXT).messages
    expect(stored?.toJSON()).toMatchObject({
      topic: 'T',
      queueOffset: 0,
      flag: 3,
      reconsumeTimes: 2,
      storeTimestamp: 1234,
      storeHost: '127.0.0.1:10911',
      properties: { TAGS: 'a' },
    })
  })

  it('stores a batch back to back, and tells of it once', () => {
    const target = store()
    const heard: number[] = []
    target.onAppended(queue => heard.push(queue.maxOffset))
    const places = target.appendAll([message(), message({ body: Buffer.from('second') })], 5)
    expect(places.map(({ queueOffset }) => queueOffset)).toEqual([0, 1])
    expect(heard).toEqual([2])
    expect(target.log.readRecord(places[1]?.commitLogOffset as number)).toBeDefined()
  })

  it('stores nothing of a batch of which one message cannot be encoded', () => {
    const target = store()
    const tooLong = message({ properties: 'x'.repeat(40_000) })
    expect(() => target.appendAll([message(), tooLong], 5)).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
    expect([target.log.endOffset, target.findQueue('T', 0)?.maxOffset]).toEqual([0, 0])
  })

  it('moves the first offsets of queues when old records go', () => {
    const target = store(3000)
    for (let i = 0; i < 40; i++) target.append(message({ queueId: i % 2 }), i)
    const queue = target.queue('T', 0)
    expect(queue.minOffset).toBeGreaterThan(0)
    expect(queue.positionOf(queue.minOffset)).toBeGreaterThanOrEqual(target.log.minOffset)
  })

  it('begins at 0 where a deleted topic comes back', () => {
    const target = store()
    target.append(message(), 1)
    target.deleteTopic('T')
    expect(target.findQueue('T', 0)).toBeUndefined()
    expect(target.append(message(), 1).queueOffset).toBe(0)
  })

  it('tells nobody who has stopped listening', () => {
    const target = store()
    const heard = jest.fn()
    target.onAppended(heard)()
    target.append(message(), 1)
    expect(heard).not.toHaveBeenCalled()
  })
})
