import { deflateSync, inflateSync } from 'node:zlib'
import { brokerError } from '../../../lib/commands/response-code'
import { CONSUMER_SEND_MSG_BACK } from '../../../lib/commands/send'
import { SendBack } from '../../../lib/consumer/send-back'
import { RocketMQError } from '../../../lib/errors'
import { SYS_FLAG } from '../../../lib/model/sys-flag'
import type { PreparedMessage } from '../../../lib/sending/prepared-message'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { unwrapInnerBatch } from '../../../lib/wire/inner-batch'
import { decodeProperties, encodeProperties } from '../../../lib/wire/properties'
import type { StoredRecord } from '../../../lib/wire/stored-message-encoder'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { FakeClient } from '../../support/fake-client'
import { storedMessage } from '../../support/records'

const BROKER = { 'broker-a': 1 }
const refused = new RocketMQError('REQUEST_TIMEOUT', 'no answer')

function received(fields: Partial<StoredRecord> = {}, properties: Record<string, string> = {}): StoredMessage {
  return storedMessage({ properties: encodeProperties({ UNIQ_KEY: 'ID', ...properties }), ...fields })
}

async function setup({
  fails = false,
  maxReconsumeTimes = 16,
  namespace = '',
}: { fails?: boolean | Error; maxReconsumeTimes?: number; namespace?: string } = {}) {
  const client = new FakeClient(namespace)
  await client.knownTopic('Orders', BROKER)
  client.on(CONSUMER_SEND_MSG_BACK, () => {
    if (fails !== false) throw fails === true ? refused : fails
    return { code: 'SUCCESS' }
  })
  const copies: PreparedMessage[] = []
  const sender = {
    failsWith: undefined as Error | undefined,
    send: (copy: PreparedMessage) => {
      copies.push(copy)
      return sender.failsWith === undefined ? Promise.resolve({} as never) : Promise.reject(sender.failsWith)
    },
  }
  const errors: RocketMQError[] = []
  const onBackgroundError = (error: RocketMQError): unknown => errors.push(error)
  const options = { client: client.asClient, consumerGroup: 'g', maxReconsumeTimes, sender, onBackgroundError }
  return { client, sender, copies, errors, sendBack: new SendBack(options) }
}

describe('a message that is handed back', () => {
  it('goes to the master that stored it, by its place in the log', async () => {
    const { client, copies, sendBack } = await setup()
    const message = received({ commitLogOffset: 4096 })
    message.topic = 'First'
    await sendBack.sendBack(message, 3)
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toEqual([
      expect.objectContaining({
        address: 'broker-a:10911',
        header: {
          offset: 4096,
          group: 'g',
          delayLevel: 3,
          originMsgId: 'ID',
          originTopic: 'First',
          unitMode: false,
          maxReconsumeTimes: 16,
          bname: 'broker-a',
        },
      }),
    ])
    expect(copies).toEqual([])
  })

  it('goes to the retry topic as a copy where the request fails', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    const message = received({ reconsumeTimes: 2, flag: 9, body: Buffer.from('body') }, { TAGS: 'x', color: 'red' })
    await sendBack.sendBack(message, 0)
    expect(copies).toHaveLength(1)
    expect(copies[0]).toMatchObject({
      topic: '%RETRY%g',
      body: Buffer.from('body'),
      flag: 9,
      sysFlag: 0,
      msgId: 'ID',
      reconsumeTimes: 3,
      maxReconsumeTimes: 16,
      isBatch: false,
    })
    expect(decodeProperties(copies[0]?.properties ?? '')).toEqual({
      UNIQ_KEY: 'ID',
      TAGS: 'x',
      color: 'red',
      RETRY_TOPIC: 'Orders',
      ORIGIN_MESSAGE_ID: 'ID',
      DELAY: '5',
    })
  })

  it('goes to the retry topic where no address of its broker is known', async () => {
    const { client, copies, sendBack } = await setup()
    client.routes.forget('Orders')
    await sendBack.sendBack(received(), 0)
    expect(copies).toHaveLength(1)
  })

  it('keeps its first topic and id over all retries, and leaves marks of its last copy behind', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    const properties = {
      RETRY_TOPIC: 'Orders',
      ORIGIN_MESSAGE_ID: 'FIRST',
      DELAY: '3',
      TRAN_MSG: 'true',
      POP_CK: '0 1 2 3 0 broker-a 0 7',
      '1ST_POP_TIME': '1',
      RECONSUME_TIME: '7',
      MAX_RECONSUME_TIMES: '9',
    }
    await sendBack.sendBack(received({ topic: '%RETRY%g', reconsumeTimes: 1 }, properties), 0)
    expect(decodeProperties(copies[0]?.properties ?? '')).toEqual({
      UNIQ_KEY: 'ID',
      RETRY_TOPIC: 'Orders',
      ORIGIN_MESSAGE_ID: 'FIRST',
      DELAY: '4',
    })
  })

  it('rejects where no broker accepts it', async () => {
    const { sender, sendBack } = await setup({ fails: true })
    sender.failsWith = new RocketMQError('CONNECT_FAILED', 'all gone')
    await expect(sendBack.sendBack(received(), 0)).rejects.toThrow('all gone')
  })

  it('goes to the dead letters as a copy, too, where that was asked for', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    await sendBack.sendBack(received(), -1)
    expect(copies[0]).toMatchObject({ reconsumeTimes: 1, maxReconsumeTimes: 0 })
    expect(decodeProperties(copies[0]?.properties ?? '')['DELAY']).toBeUndefined()
  })

  it('is compressed again where its body is large, as brokers have a limit', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    const body = Buffer.alloc(5000, 'x')
    await sendBack.sendBack(received({ body }), 0)
    expect(copies[0]?.sysFlag).toBe(SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB)
    expect(inflateSync(copies[0]?.body ?? body)).toEqual(body)
  })

  it('is not compressed again after it was inflated, where it is small', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    const sysFlag = SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB
    const message = received({ body: deflateSync('small'), sysFlag })
    message.inflated(Buffer.from('small'))
    await sendBack.sendBack(message, 0)
    expect(copies[0]).toMatchObject({ body: Buffer.from('small'), sysFlag: 0 })
  })
})

describe('an unreadable message that is handed back', () => {
  const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')

  it('is copied with its bytes as they are where these are only compressed', async () => {
    const { copies, sendBack } = await setup({ fails: true })
    const sysFlag = SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZSTD
    const message = received({
      body: Buffer.alloc(5000, 'no zstd'),
      sysFlag: sysFlag | SYS_FLAG.BORN_HOST_V6,
      bornHost: '[::1]:5',
    })
    message.unreadable = unreadable
    await sendBack.sendBack(message, 0)
    expect(copies[0]).toMatchObject({ sysFlag, body: message.body })
  })

  it.each<[string, Partial<StoredRecord>]>([
    ['without a readable body', { body: Buffer.alloc(0), sysFlag: SYS_FLAG.COMPRESSED }],
    ['that is a whole batch', { sysFlag: SYS_FLAG.COMPRESSED | SYS_FLAG.INNER_BATCH | SYS_FLAG.NEED_UNWRAP }],
    ['that is damaged', {}],
  ])('is never made another message of: one %s', async (_, fields) => {
    const { copies, sendBack } = await setup({ fails: true })
    const message = received(fields)
    message.unreadable = unreadable
    await expect(sendBack.sendBack(message, 0)).rejects.toBe(refused)
    expect(copies).toEqual([])
  })
})

describe('an unreadable message that brokers refuse to take back', () => {
  const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')
  const no = brokerError(1, 'look message by offset failed')

  it('is passed over at the 16th refusal, and that is told', async () => {
    const { errors, sendBack } = await setup({ fails: no })
    const message = received({ queueOffset: 12 })
    message.unreadable = unreadable
    for (let refusals = 1; refusals < 16; refusals++) await expect(sendBack.sendBack(message, 0)).rejects.toBe(no)
    expect(errors).toEqual([])
    await sendBack.sendBack(message, 0)
    const place = expect.stringContaining('offset 12 of queue 1 of Orders on broker-a is passed over') as string
    const details = { code: 'MESSAGE_UNREADABLE', topic: 'Orders', brokerName: 'broker-a', cause: no, message: place }
    expect(errors).toEqual([expect.objectContaining(details)])
  })

  it('waits for ever where brokers do not answer, or for what can be read', async () => {
    const away = await setup({ fails: true })
    const message = received()
    message.unreadable = unreadable
    for (let tries = 0; tries < 20; tries++) await expect(away.sendBack.sendBack(message, 0)).rejects.toBe(refused)
    const refusing = await setup({ fails: no })
    refusing.sender.failsWith = no
    const readable = received()
    for (let tries = 0; tries < 20; tries++) await expect(refusing.sendBack.sendBack(readable, 0)).rejects.toBe(no)
    expect([away.errors, refusing.errors]).toEqual([[], []])
  })
})

describe('a message out of a record that holds several', () => {
  it('goes to the retry topic as a copy: its broker would deliver all of them again', async () => {
    const { client, copies, sendBack } = await setup()
    const entries = ['one', 'two'].map(text => ({ flag: 0, body: Buffer.from(text), properties: '' }))
    const sysFlag = SYS_FLAG.INNER_BATCH | SYS_FLAG.NEED_UNWRAP
    const inner = unwrapInnerBatch(received({ sysFlag, body: encodeBatchBody(entries) }))
    await sendBack.sendBack(inner[1] as StoredMessage, 0)
    await sendBack.sendBack(inner[0] as StoredMessage, -1)
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toEqual([])
    expect(
      copies.map(({ body, sysFlag: flags, maxReconsumeTimes }) => [body.toString(), flags, maxReconsumeTimes]),
    ).toEqual([
      ['two', 0, 16],
      ['one', 0, 0],
    ])
  })
})

describe('an orderly message that failed too often', () => {
  it('is sent with what brokers need to put it to the dead letters', async () => {
    const { client, copies, sendBack } = await setup({ maxReconsumeTimes: 2 })
    await sendBack.sendToRetryTopic(received({ reconsumeTimes: 2 }))
    expect(copies[0]).toMatchObject({ topic: '%RETRY%g', reconsumeTimes: 3, maxReconsumeTimes: 2 })
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toEqual([])
  })
})

describe('a copy for the retry topic within a namespace', () => {
  it('tells the first topic as brokers know it', async () => {
    const { copies, sendBack } = await setup({ fails: true, namespace: 'shop' })
    const message = received({ topic: 'shop%Orders' })
    message.topic = 'Orders'
    await sendBack.sendBack(message, 0)
    expect(copies[0]?.topic).toBe('%RETRY%g')
    expect(copies[0]?.properties).toContain('RETRY_TOPIC\u0001shop%Orders\u0002')
  })
})

describe('a message of a static topic', () => {
  it('goes to the retry topic as a copy: brokers would look for it in a log that is not its own', async () => {
    const { client, copies, sendBack } = await setup()
    const message = storedMessage(
      { properties: encodeProperties({ UNIQ_KEY: 'ID' }) },
      { brokerName: '__syslo__global__' },
    )
    await sendBack.sendBack(message, 0)
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toEqual([])
    expect(copies.map(({ topic }) => topic)).toEqual(['%RETRY%g'])
  })
})
