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
