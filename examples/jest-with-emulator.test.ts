// A jest test of an application that uses RocketMQ: no Docker, no Java, a broker in milliseconds.
import { Producer, PushConsumer, RocketMQError } from 'rocketwire'
import { Emulator } from 'rocketwire/emulator'

/** What is tested: forwards paid orders to the billing topic. */
class Billing {
  readonly #consumer: PushConsumer
  readonly #producer: Producer

  constructor(namesrvAddr: string) {
    this.#producer = new Producer({ namesrvAddr, producerGroup: 'billing' })
    this.#consumer = new PushConsumer({ namesrvAddr, consumerGroup: 'billing' })
    this.#consumer.subscribe('Orders', 'paid')
    this.#consumer.consumeEach(async message => {
      const { id } = message.json<{ id: number }>()
      await this.#producer.send({ topic: 'Bills', keys: `order-${id}`, body: `bill of order ${id}` })
    })
  }

  async start(): Promise<void> {
    await this.#producer.start()
    await this.#consumer.start()
  }

  async stop(): Promise<void> {
    await this.#consumer.shutdown()
    await this.#producer.shutdown()
  }
}

let emulator: Emulator
let shop: Producer
let billing: Billing

beforeEach(async () => {
  emulator = await Emulator.start({ topics: { Orders: 4, Bills: 4 } })
  shop = new Producer({ namesrvAddr: emulator.namesrvAddr, producerGroup: 'shop' })
  billing = new Billing(emulator.namesrvAddr)
  await Promise.all([shop.start(), billing.start()])
})

afterEach(async () => {
  await Promise.all([shop.shutdown(), billing.stop()])
  await emulator.shutdown()
})

it('bills a paid order', async () => {
  const billed = emulator.received('SEND_MESSAGE_V2', ({ header }) => header.topic === 'Bills')
  await shop.send({ topic: 'Orders', tags: 'opened', body: '{"id":1}' })
  await shop.send({ topic: 'Orders', tags: 'paid', body: '{"id":2}' })
  await billed
  expect(emulator.messages('Bills').map(message => message.text())).toEqual(['bill of order 2'])
})

it('hands an order back to the broker while bills cannot be sent', async () => {
  const handedBack = emulator.received('CONSUMER_SEND_MSG_BACK')
  emulator.control(
    'SEND_MESSAGE_V2',
    ({ header }) => (header.topic === 'Bills' ? { code: 'MESSAGE_ILLEGAL', remark: 'no bills today' } : 'pass'),
    { times: 'keep' },
  )
  await shop.send({ topic: 'Orders', tags: 'paid', body: '{"id":3}' })
  expect((await handedBack).header).toMatchObject({ group: 'billing', originTopic: 'Orders' })
  expect(emulator.messages('Bills')).toEqual([])
})

it('tells the shop that its order may not have been stored when the broker goes away', async () => {
  emulator.control('SEND_MESSAGE_V2', () => 'close', { times: 'keep' })
  const failure = await shop.send({ topic: 'Orders', body: '{"id":4}' }).catch((error: unknown) => error)
  expect(RocketMQError.is(failure) && failure.sent).toBe('UNKNOWN')
})
