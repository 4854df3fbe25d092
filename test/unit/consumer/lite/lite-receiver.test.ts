import { POP_LITE_MESSAGE } from '../../../../lib/commands/lite'
import { LiteBrokers } from '../../../../lib/consumer/lite/lite-brokers'
import { type LitePop, LiteReceiver } from '../../../../lib/consumer/lite/lite-receiver'
import { RocketMQError } from '../../../../lib/errors'
import { LITE, POP_HEADER, liteClient, liteFound, liteRecord } from '../../../support/lite-setup'

async function setup(brokers?: Readonly<Record<string, number>>) {
  const client = await liteClient(brokers)
  const errors: RocketMQError[] = []
  const receiver = new LiteReceiver({
    client: client.asClient,
    ...LITE,
    brokers: new LiteBrokers({ client: client.asClient, ...LITE }),
    onBackgroundError: error => errors.push(error),
  })
  const receive = (pop: Partial<LitePop> = {}) =>
    receiver.receive({
      maxMessages: 8,
      invisibleDurationMs: 15_000,
      awaitDurationMs: 0,
      signal: new AbortController().signal,
      ...pop,
    })
  return { client, errors, receive }
}

const gone = new RocketMQError('CONNECT_FAILED', 'no broker')

describe('a receive of lite topics', () => {
  it('asks a broker that is alone for the whole time', async () => {
    const { client, receive } = await setup({ a: 1 })
    client.on(POP_LITE_MESSAGE, () => liteFound([liteRecord('room-1', 0)]))
    const messages = await receive({ awaitDurationMs: 20_000 })
    expect(messages.map(message => [message.topic, message.text()])).toEqual([['Chats', 'room-1 0']])
    expect(client.sent(POP_LITE_MESSAGE)).toMatchObject([
      {
        address: 'a:10911',
        header: {
          ...LITE,
          clientId: client.clientId,
          maxMsgNum: 8,
          invisibleTime: 15_000,
          pollTime: 20_000,
          bornTime: 0,
          bname: 'a',
        },
      },
    ])
  })

  it('asks several brokers in turn, and begins with the next one the next time', async () => {
    const { client, receive } = await setup()
    expect(await receive()).toEqual([])
    client.on(POP_LITE_MESSAGE, ({ address }) =>
      address.startsWith('a')
        ? liteFound([liteRecord('room-1', 0)])
        : { code: 'POLLING_TIMEOUT', header: POP_HEADER, body: Buffer.alloc(0) },
    )
    expect(await receive({ awaitDurationMs: 5000 })).toHaveLength(1)
    expect(client.sent(POP_LITE_MESSAGE).map(({ address, header }) => [address, header['pollTime']])).toEqual([
      ['a:10911', 0],
      ['b:10911', 0],
      ['a:10911', 1000],
    ])
  })

  it('goes on while one broker answers, and fails where none does', async () => {
    const { client, receive } = await setup()
    client.on(POP_LITE_MESSAGE, ({ address }) => {
      if (address.startsWith('a')) throw gone
      return liteFound([liteRecord('room-1', 0)])
    })
    expect(await receive()).toHaveLength(1)
    client.on(POP_LITE_MESSAGE, () => {
      throw gone
    })
    await expect(receive()).rejects.toBe(gone)
  })

  it('rests before all brokers are asked again where none has answered', async () => {
    const { client, receive } = await setup({ a: 1 })
    client.on(POP_LITE_MESSAGE, () => {
      throw gone
    })
    const received = receive({ awaitDurationMs: 1500 })
    received.catch(() => undefined)
    await client.clock.advance(999)
    expect(client.sent(POP_LITE_MESSAGE)).toHaveLength(1)
    await client.clock.advance(1)
    expect(client.sent(POP_LITE_MESSAGE)).toHaveLength(2)
    await client.clock.advance(500)
    await expect(received).rejects.toBe(gone)
  })

  it('rests also where brokers answer at once that they hold too many requests', async () => {
    const { client, receive } = await setup()
    const asked = () => client.sent(POP_LITE_MESSAGE).length
    client.on(POP_LITE_MESSAGE, () =>
      asked() > 50
        ? liteFound([liteRecord('room-1', 0)])
        : { code: 'POLLING_FULL', header: POP_HEADER, body: Buffer.alloc(0) },
    )
    const received = receive({ awaitDurationMs: 1500 })
    await client.clock.advance(999)
    expect(asked()).toBe(2)
    await client.clock.advance(501)
    expect(await received).toEqual([])
    expect(asked()).toBe(6)
  })

  it('ends when it is called off', async () => {
    const { client, receive } = await setup({ a: 1 })
    client.on(POP_LITE_MESSAGE, () => new Promise(() => undefined))
    const abort = new AbortController()
    const received = receive({ awaitDurationMs: 5000, signal: abort.signal })
    received.catch(() => undefined)
    await client.settle()
    abort.abort(gone)
    await expect(received).rejects.toMatchObject({ code: 'ABORTED', cause: gone })
  })

  it('leaves out what cannot be read, and tells of it', async () => {
    const { client, errors, receive } = await setup({ a: 1 })
    client.on(POP_LITE_MESSAGE, () => liteFound([liteRecord('room-1', 0), Buffer.from('garbage that is no record')]))
    expect(await receive()).toHaveLength(1)
    expect(errors).toHaveLength(1)
  })
})
