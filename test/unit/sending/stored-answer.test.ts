import { RESPONSE_CODES } from '../../../lib/commands/response-code'
import { prepareMessage } from '../../../lib/sending/prepared-message'
import { storedAnswer } from '../../../lib/sending/stored-answer'
import type { RemotingCommand } from '../../../lib/wire/remoting-command'
import { UniqueIds } from '../../../lib/wire/unique-id'

const queue = { topic: 'T', brokerName: 'a', queueId: 1 }
const prepared = prepareMessage({ topic: 'T', body: 'b' }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })

function answer(code: number, extFields: Record<string, string>): RemotingCommand {
  return {
    code,
    language: 'JAVA',
    version: 477,
    opaque: 1,
    flag: 1,
    remark: undefined,
    extFields,
    body: Buffer.alloc(0),
    serializeType: 'JSON',
  }
}

const STORED = { msgId: 'OFFSET', queueId: '3', queueOffset: '12' }

describe('storedAnswer', () => {
  it('takes the queue from the answer, the unique id from the message and defaults for the rest', () => {
    expect(storedAnswer(answer(0, STORED), prepared, queue)).toEqual({
      sendStatus: 'SEND_OK',
      msgId: prepared.msgId,
      offsetMsgId: 'OFFSET',
      messageQueue: { topic: 'T', brokerName: 'a', queueId: 3 },
      queueOffset: 12,
      regionId: 'DefaultRegion',
      traceOn: true,
    })
  })

  it('takes over what newer brokers tell', () => {
    const fields = { ...STORED, transactionId: 'TX', recallHandle: 'RH', MSG_REGION: 'hz', TRACE_ON: 'false' }
    expect(storedAnswer(answer(0, fields), prepared, queue)).toMatchObject({
      transactionId: 'TX',
      recallHandle: 'RH',
      regionId: 'hz',
      traceOn: false,
    })
  })

  it.each(['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const)(
    'knows that the message was stored after %s',
    name => {
      expect(storedAnswer(answer(RESPONSE_CODES[name].code, STORED), prepared, queue)?.sendStatus).toBe(name)
    },
  )

  it.each([{ msgId: '' }, { queueId: '-1' }, { queueOffset: '-2' }])('refuses an answer with %j', fields => {
    expect(() => storedAnswer(answer(0, { ...STORED, ...fields }), prepared, queue)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR', sent: 'UNKNOWN' }),
    )
  })

  it('takes the unknown offset of a queue that moves', () => {
    const result = storedAnswer(answer(0, { ...STORED, queueOffset: '-1' }), prepared, queue)
    expect(result).toMatchObject({ sendStatus: 'SEND_OK', queueOffset: -1 })
  })

  it('has no result for a refusal', () => {
    expect(storedAnswer(answer(RESPONSE_CODES.SYSTEM_BUSY.code, {}), prepared, queue)).toBeUndefined()
  })

  it.each([{}, { ...STORED, queueOffset: '9223372036854775807' }, { ...STORED, queueId: 'x' }])(
    'throws where the answer cannot be read: %j',
    fields => {
      expect(() => storedAnswer(answer(0, fields), prepared, queue)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/PROTOCOL_ERROR|UNSAFE_INTEGER/) }),
      )
    },
  )
})
