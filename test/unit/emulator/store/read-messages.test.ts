import { MessageStore } from '../../../../lib/emulator/store/message-store'
import { type ReadRequest, type ReadResult, readMessages } from '../../../../lib/emulator/store/read-messages'
import { hostBytes } from '../../../../lib/wire/host-address'
import { decodeStoredMessages } from '../../../../lib/wire/stored-message-decoder'
import { CONTEXT } from '../../../support/records'

const HOST = hostBytes('127.0.0.1:10911')

/** A queue with `count` messages, and another queue whose messages lie between them. */
function stored(count: number, { bytes = 10, interleaved = false } = {}): MessageStore {
  const store = new MessageStore({ maxBytes: 100_000_000, indexesTags: false, slabBytes: 1_000_000 })
  for (let i = 0; i < count; i++) {
    append(store, { queueId: 0, tagsCode: i % 10, bytes })
    if (interleaved) append(store, { queueId: 1, tagsCode: 0, bytes: 1 })
  }
  return store
}

function append(store: MessageStore, fields: { queueId: number; tagsCode: number; bytes: number }): void {
  const common = { topic: 'T', flag: 0, properties: '', sysFlag: 0, bornTimestamp: 1, reconsumeTimes: 0 }
  const { queueId, tagsCode, bytes } = fields
  store.append({ ...common, queueId, tagsCode, body: Buffer.alloc(bytes), bornHost: HOST, storeHost: HOST }, 1)
}

function read(store: MessageStore, request: Partial<ReadRequest> = {}): ReadResult {
  return readMessages(store.log, store.queue('T', 0), { offset: 0, maxMsgNums: 32, filter: undefined, ...request })
}

const offsetsOf = ({ body }: ReadResult): number[] =>
  decodeStoredMessages(Buffer.from(body ?? []), CONTEXT).messages.map(({ queueOffset }) => queueOffset)

describe('readMessages', () => {
  it.each([
    [0, 'NO_MESSAGE_IN_QUEUE', 0],
    [7, 'NO_MESSAGE_IN_QUEUE', 0],
  ])('of an empty queue at %i says %s and %i', (offset, status, nextBeginOffset) => {
    expect(read(stored(0), { offset })).toMatchObject({ status, nextBeginOffset })
  })

  it.each([
    [-1, 'OFFSET_TOO_SMALL', 0],
    [5, 'OFFSET_OVERFLOW_ONE', 5],
    [6, 'OFFSET_OVERFLOW_BADLY', 5],
  ])('of a queue of 5 at %i says %s and %i', (offset, status, nextBeginOffset) => {
    expect(read(stored(5), { offset })).toMatchObject({ status, nextBeginOffset, minOffset: 0, maxOffset: 5 })
  })

  it.each([false, true])('gives messages in order, with neighbours of other queues between them: %s', interleaved => {
    const result = read(stored(5, { interleaved }), { offset: 1 })
    expect(offsetsOf(result)).toEqual([1, 2, 3, 4])
    expect(result).toMatchObject({ status: 'FOUND', nextBeginOffset: 5 })
  })

  it('serves neighbours in the log as a slice of it', () => {
    const store = stored(5)
    expect(read(store).body?.buffer).toBe(store.log.read(0, 1)?.buffer)
  })

  it('gives at most 32 messages, and at least one', () => {
    expect(offsetsOf(read(stored(50), { maxMsgNums: 1000 }))).toHaveLength(32)
    expect(offsetsOf(read(stored(50), { maxMsgNums: 0 }))).toEqual([0])
  })

  it('stops before 256 KiB, but gives one message of whatever size', () => {
    expect(offsetsOf(read(stored(10, { bytes: 100_000 })))).toEqual([0, 1])
    expect(offsetsOf(read(stored(3, { bytes: 400_000 })))).toEqual([0])
  })

  it('leaves out what the filter does not want and goes on behind it', () => {
    const result = read(stored(30), { filter: (queue, offset) => queue.tagsCodeOf(offset) === 3 })
    expect(offsetsOf(result)).toEqual([3, 13, 23])
    expect(result.nextBeginOffset).toBe(30)
  })

  it('looks at 800 messages for a filter that wants none, and says where to go on', () => {
    expect(read(stored(1000), { filter: () => false })).toMatchObject({
      status: 'NO_MATCHED_MESSAGE',
      nextBeginOffset: 800,
      body: undefined,
    })
  })
})
