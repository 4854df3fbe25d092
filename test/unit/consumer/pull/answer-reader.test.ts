import { deflateSync } from 'node:zlib'
import { AnswerReader } from '../../../../lib/consumer/pull/answer-reader'
import { SYS_FLAG } from '../../../../lib/model/sys-flag'
import { Log } from '../../../../lib/runtime/log'
import { RecordingLogger, silentLog } from '../../../support/recording-log'
import { CONTEXT, recordBytes } from '../../../support/records'

const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const GARBAGE = Buffer.from('garbage')
const create = () => new AnswerReader(queue, silentLog())

function answer(offsets: readonly number[], { from = 10, nextBeginOffset = 20, end = Buffer.alloc(0) } = {}) {
  const records = offsets.map(queueOffset => recordBytes({ queueOffset }))
  return { body: Buffer.concat([...records, end]), from, nextBeginOffset, context: CONTEXT }
}

describe('the answer to a pull', () => {
  it('is read at once where no body has to be inflated', () => {
    const read = create().read(answer([10, 12]))
    expect(read).not.toBeInstanceOf(Promise)
    expect(read).toMatchObject({ nextBeginOffset: 20, damage: undefined, passedOver: undefined })
    expect((read as Exclude<typeof read, Promise<unknown>>).messages.map(each => each.queueOffset)).toEqual([10, 12])
  })

  it('is read later where one has', async () => {
    const body = recordBytes({ queueOffset: 10, body: deflateSync('inflated'), sysFlag: SYS_FLAG.COMPRESSED })
    const read = create().read({ body, from: 10, nextBeginOffset: 11, context: CONTEXT })
    expect(read).toBeInstanceOf(Promise)
    expect((await read).messages.map(message => message.text())).toEqual(['inflated'])
  })

  it('that would inflate to more than memory should hold gives its beginning, and where to pull the rest', async () => {
    const bomb = deflateSync(Buffer.alloc(16 * 1024 * 1024))
    const offsets = Array.from({ length: 12 }, (_, i) => 10 + 2 * i)
    const records = offsets.map(queueOffset => recordBytes({ queueOffset, body: bomb, sysFlag: SYS_FLAG.COMPRESSED }))
    const answer = { body: Buffer.concat(records), from: 10, nextBeginOffset: 40, context: CONTEXT }
    const { messages, nextBeginOffset, damage } = await create().read(answer)
    expect(messages.length).toBeGreaterThanOrEqual(4)
    expect(messages.length).toBeLessThanOrEqual(7)
    expect(messages.every(({ body }) => body.length === 16 * 1024 * 1024)).toBe(true)
    expect(nextBeginOffset).toBe((messages.at(-1)?.queueOffset ?? 0) + 1)
    expect(damage).toBeUndefined()
  })

  it('that is damaged gives what stands before, and where to pull again', async () => {
    const reader = create()
    const read = await reader.read(answer([10, 12], { end: GARBAGE }))
    expect(read.messages.map(({ queueOffset }) => queueOffset)).toEqual([10, 12])
    expect(read).toMatchObject({ nextBeginOffset: 13, damage: { code: 'PROTOCOL_ERROR' }, passedOver: undefined })
    expect(reader.isRepeating).toBe(true)
    await reader.read(answer([13], { from: 13 }))
    expect(reader.isRepeating).toBe(false)
  })

  it('that stays damaged is passed over the third time, loudly', async () => {
    const logger = new RecordingLogger()
    const reader = new AnswerReader(queue, new Log('test', logger))
    const damaged = answer([], { nextBeginOffset: 11, end: GARBAGE })
    const reads = [await reader.read(damaged), await reader.read(damaged), await reader.read(damaged)]
    expect(reads.map(({ nextBeginOffset }) => nextBeginOffset)).toEqual([10, 10, 11])
    expect(reads.map(({ damage }) => damage?.code)).toEqual(['PROTOCOL_ERROR', 'PROTOCOL_ERROR', undefined])
    expect(reads[2]?.passedOver).toMatchObject({ code: 'MESSAGE_UNREADABLE', topic: 'Orders', brokerName: 'broker-a' })
    expect(reader.isRepeating).toBe(false)
    expect(logger.lines).toEqual([expect.stringMatching(/^error .*offsets 10 to 10 of queue 1 of Orders/)])
  })
})
