import type { Message } from '../../../lib/model/message'
import { checkBatch, checkBodySize, checkMessage } from '../../../lib/model/message-rules'
import { storedMessage } from '../../support/records'

const message = (fields: Partial<Message> = {}): Message => ({ topic: 'T', body: 'b', ...fields })
const refusal = (code: string, says: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(says) })

describe('checkMessage', () => {
  it('lets a message with every field pass', () => {
    const full = message({
      body: Buffer.from('b'),
      tags: 'a',
      keys: ['k 1', 'k2'],
      properties: { region: 'eu' },
      flag: -2147483648,
      deliverAt: new Date(1_700_000_000_000),
      shardingKey: 's',
      priority: 3,
      buyerId: 'b',
      waitStoreMsgOK: false,
    })
    expect(() => checkMessage(full)).not.toThrow()
    expect(() =>
      checkMessage(message({ topic: '%RETRY%G', body: new Uint8Array(1), delayTimeLevel: 19 })),
    ).not.toThrow()
  })

  it.each([null, undefined])('refuses %j', nothing => {
    expect(() => checkMessage(nothing)).toThrow(refusal('INVALID_MESSAGE', 'no message'))
  })

  it('refuses topics that no client may send to', () => {
    expect(() => checkMessage(message({ topic: 'a b' }))).toThrow(refusal('INVALID_TOPIC', "'a b'"))
    expect(() => checkMessage(message({ topic: 'SCHEDULE_TOPIC_XXXX' }))).toThrow(
      refusal('INVALID_TOPIC', 'brokers only'),
    )
  })

  it.each(['key', 'tag', 'delay', 'headers', '__proto__x', 'constructor'])(
    'refuses a field that there is not, as it would silently do nothing: %s',
    name => {
      const misspelt = { ...message(), [name]: 'x' }
      expect(() => checkMessage(misspelt)).toThrow(refusal('INVALID_MESSAGE', `there is no field ${name}, there are`))
    },
  )

  it('refuses a received message, which would be sent without what is its own', () => {
    expect(() => checkMessage(storedMessage({}) as Message)).toThrow(refusal('INVALID_MESSAGE', 'it was received'))
  })

  it('lets pass what is undefined, inherited, or a class of the application with the fields of a message', () => {
    class Order {
      readonly topic = 'T'
      readonly body = 'b'
      readonly key = undefined
      get total(): number {
        return 1
      }
    }
    expect(() => checkMessage(new Order())).not.toThrow()
    expect(() => checkMessage(Object.assign(Object.create({ note: 'inherited' }) as object, message()))).not.toThrow()
  })

  it.each([undefined, null, 5, {}])('refuses the body %j', body => {
    expect(() => checkMessage({ topic: 'T', body } as unknown as Message)).toThrow(refusal('INVALID_MESSAGE', 'Buffer'))
  })

  it.each<Partial<Message>>([
    { flag: 2 ** 31 },
    { flag: 1.5 },
    { delayTimeLevel: -1 },
    { delayTimeLevel: 1.5 },
    { delayMs: NaN },
    { delayMs: -1 },
    { deliverAt: new Date(NaN) },
    { deliverAt: 2 ** 60 },
    { priority: -1 },
  ])('refuses numbers that are none: %j', fields => {
    expect(() => checkMessage(message(fields))).toThrow(refusal('INVALID_MESSAGE', Object.keys(fields)[0] ?? ''))
  })

  it.each<Partial<Message>>([
    { delayTimeLevel: 1, delayMs: 1 },
    { delayMs: 1, deliverAt: 1 },
    { delayTimeLevel: 1, deliverAt: 1 },
  ])('refuses two delays at once: %j', fields => {
    expect(() => checkMessage(message(fields))).toThrow(refusal('INVALID_MESSAGE', 'give one'))
  })

  it('takes a level of 0 for no delay beside another', () => {
    expect(() => checkMessage(message({ delayTimeLevel: 0, delayMs: 5 }))).not.toThrow()
  })

  it.each<object>([
    { keys: 5 },
    { keys: {} },
    { keys: null },
    { keys: [{}] },
    { keys: ['k', 5] },
    { properties: 'abc' },
    { properties: ['v'] },
    { properties: null },
    { waitStoreMsgOK: 'no' },
    { deliverAt: {} },
    { flag: {} },
  ])('refuses values of another type: %j', fields => {
    expect(() => checkMessage(message(fields))).toThrow(refusal('INVALID_MESSAGE', Object.keys(fields)[0] ?? ''))
  })

  it.each<Partial<Message>>([
    { tags: 'a\u0001' },
    { keys: 'k\u0002' },
    { keys: ['k', '\u0001'] },
    { shardingKey: '\u0002' },
    { buyerId: '\u0001' },
  ])('refuses separators of properties in %j', fields => {
    expect(() => checkMessage(message(fields))).toThrow(refusal('INVALID_MESSAGE', Object.keys(fields)[0] ?? ''))
  })

  it('refuses a tag that is no text', () => {
    expect(() => checkMessage({ ...message(), tags: 5 } as unknown as Message)).toThrow(
      refusal('INVALID_MESSAGE', 'tags: it must be text'),
    )
  })

  it('refuses properties that belong to RocketMQ', () => {
    expect(() => checkMessage(message({ properties: { UNIQ_KEY: 'x' } }))).toThrow(
      refusal('INVALID_MESSAGE', "'UNIQ_KEY'"),
    )
  })

  it('refuses light queues with a slash in their names', () => {
    const properties = (names: string) => message({ properties: { INNER_MULTI_DISPATCH: names } })
    expect(() => checkMessage(properties('%LMQ%a/b'))).toThrow(refusal('INVALID_MESSAGE', '%LMQ%a/b'))
    expect(() => checkMessage(properties('%LMQ%a,%LMQ%b'))).not.toThrow()
  })
})

describe('checkBodySize', () => {
  it('takes from 1 byte to the limit', () => {
    expect(() => checkBodySize('T', 1, 10)).not.toThrow()
    expect(() => checkBodySize('T', 10, 10)).not.toThrow()
  })

  it('refuses empty and larger bodies, and names the sizes', () => {
    expect(() => checkBodySize('T', 0, 10)).toThrow(refusal('INVALID_MESSAGE', 'empty'))
    expect(() => checkBodySize('T', 11, 10)).toThrow(
      refusal('INVALID_MESSAGE', '11 bytes, more than maxMessageSize 10'),
    )
  })
})

describe('checkBatch', () => {
  it('takes messages of one topic', () => {
    expect(() =>
      checkBatch([message(), message({ waitStoreMsgOK: true }), message({ delayTimeLevel: 0 })]),
    ).not.toThrow()
  })

  it.each<[string, Message[]]>([
    ['is empty', []],
    ['mixes the topics T and U', [message(), message({ topic: 'U' })]],
    ['waitStoreMsgOK differs', [message(), message({ waitStoreMsgOK: false })]],
    ['has a delay', [message(), message({ delayTimeLevel: 1 })]],
    ['has a delay', [message({ delayMs: 1 })]],
    ['has a delay', [message({ deliverAt: 1 })]],
    ['is a retry topic', [message({ topic: '%RETRY%G' })]],
  ])('refuses a batch that %s', (says, messages) => {
    expect(() => checkBatch(messages)).toThrow(refusal('INVALID_MESSAGE', says))
  })
})
