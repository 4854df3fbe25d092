import { brokerError } from '../../../../lib/commands/response-code'
import { Receiver } from '../../../../lib/consumer/simple/receiver'
import type { FilterMessages } from '../../../../lib/consumer/message-filter'
import type { Popped, PopWish } from '../../../../lib/consumer/pop/pop-requests'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import { RocketMQError } from '../../../../lib/errors'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { FakeClient, deferred } from '../../../support/fake-client'
import { popped } from '../../../support/pop-setup'

const OPTIONS = { maxMessages: 16, invisibleDurationMs: 60_000, awaitDurationMs: 1000 }
const NOTHING: Popped = { messages: [], unwanted: [], damage: undefined }
const found = (...messages: StoredMessage[]): Popped => ({ ...NOTHING, messages })
const never = new AbortController().signal

async function setup(topics: readonly string[] = ['Orders'], filter?: FilterMessages) {
  const client = new FakeClient()
  for (const topic of topics) await client.knownTopic(topic, { a: 2, b: 2 })
  const subscriptions = new Subscriptions(client.clock)
  for (const topic of topics) subscriptions.add(topic, '*')
  const wishes: PopWish[] = []
  const errors: RocketMQError[] = []
  const [unwanted, abandoned]: StoredMessage[][] = [[], []]
  const site = { pop: async (_wish: PopWish): Promise<Popped> => NOTHING, arrival: deferred() }
  const receiver = new Receiver({
    client: client.asClient,
    consumerGroup: 'g',
    subscriptions,
    fromFirst: true,
    requests: {
      pop: wish => {
        wishes.push(wish)
        return site.pop(wish)
      },
    },
    arrivals: {
      any: (_places, timeoutMs, signal) =>
        Promise.race([site.arrival.promise, client.clock.sleep(timeoutMs, signal).catch(() => undefined)]),
    },
    filter,
    onUnwanted: messages => void unwanted?.push(...messages),
    onAbandoned: async messages => void abandoned?.push(...messages),
    onBackgroundError: error => void errors.push(error),
  })
  const asked = () => wishes.map(({ queue }) => `${queue.topic}@${queue.brokerName}`)
  return { client, receiver, site, wishes, asked, errors, unwanted, abandoned }
}

describe('receiving', () => {
  it('leaves out what the filter drops, which is unwanted, and waits on where nothing is left', async () => {
    const dropped = popped({ ckQueueOffset: 1 })
    const { receiver, site, unwanted } = await setup(['Orders'], messages => messages.filter(each => each !== dropped))
    const kept = popped({ ckQueueOffset: 2 })
    site.pop = async () => (unwanted?.length === 0 ? found(dropped) : found(kept))
    expect(await receiver.receive(OPTIONS, never)).toEqual([kept])
    expect(unwanted).toEqual([dropped])
  })

  it('asks one broker and topic after the other, each time beginning with another one', async () => {
    const { receiver, site, asked, wishes } = await setup(['A', 'B'])
    await receiver.receive({ ...OPTIONS, awaitDurationMs: 0 }, never)
    expect(asked()).toEqual(['A@a', 'A@b', 'B@a', 'B@b'])
    site.pop = async () => found(popped())
    for (let i = 0; i < 3; i++) expect(await receiver.receive(OPTIONS, never)).toHaveLength(1)
    expect(asked().slice(4)).toEqual(['A@b', 'B@a', 'B@b'])
    expect(wishes[0]).toMatchObject({
      queue: { queueId: -1 },
      maxNums: 16,
      invisibleMs: 60_000,
      fromFirst: true,
      order: false,
    })
  })

  it('waits until there may be something, and gives nothing when its time is over', async () => {
    const { receiver, site, client } = await setup()
    const late = receiver.receive(OPTIONS, never)
    await client.clock.advance(1000)
    expect(await late).toEqual([])
    const waiting = receiver.receive(OPTIONS, never)
    await client.settle()
    expect(receiver.waiting).toBe(1)
    site.pop = async () => found(popped())
    site.arrival.resolve()
    expect(await waiting).toHaveLength(1)
    await client.settle()
    expect(receiver.waiting).toBe(0)
  })

  it('does not ask without a pause where what there may be always goes to others', async () => {
    const { receiver, site, client, wishes } = await setup()
    site.arrival.resolve()
    const waiting = receiver.receive(OPTIONS, never)
    await client.clock.advance(1000)
    await waiting
    expect(wishes.length).toBeLessThan(30)
  })

  it('gives to others what comes for a call that was given up', async () => {
    const { receiver, site, client, abandoned } = await setup()
    const answer = deferred<Popped>()
    site.pop = () => answer.promise
    const abort = new AbortController()
    const refused = expect(receiver.receive(OPTIONS, abort.signal)).rejects.toMatchObject({ code: 'ABORTED' })
    await client.settle()
    abort.abort()
    await refused
    const message = popped()
    answer.resolve(found(message))
    await receiver.settled()
    expect(abandoned).toEqual([message])
  })

  it('goes on without brokers that fail, and tells of them', async () => {
    const { receiver, site, errors } = await setup()
    site.pop = async ({ queue }) => {
      if (queue.brokerName === 'a') throw new RocketMQError('CONNECT_FAILED', 'no')
      return found(popped())
    }
    expect(await receiver.receive(OPTIONS, never)).toHaveLength(1)
    expect(errors).toMatchObject([{ code: 'CONNECT_FAILED' }])
  })

  it('fails when all brokers do: at once where waiting is of no use, else when its time is over', async () => {
    const { receiver, site, client, wishes } = await setup()
    site.pop = async () => {
      throw brokerError(16, 'no')
    }
    await expect(receiver.receive(OPTIONS, never)).rejects.toMatchObject({ responseCode: 'NO_PERMISSION' })
    expect(wishes.length).toBe(2)
    site.pop = async () => {
      throw new RocketMQError('CONNECT_FAILED', 'no')
    }
    const failed = expect(receiver.receive(OPTIONS, never)).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await client.clock.advance(1000)
    await failed
    expect(wishes.length).toBe(6)
  })

  it('does not wait for ever for a broker that does not answer', async () => {
    const { receiver, site, client } = await setup()
    site.pop = () => new Promise(() => undefined)
    const failed = expect(receiver.receive(OPTIONS, never)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await client.clock.advance(16_000)
    await failed
  })

  it('keeps back what cannot be read, and what is not wanted', async () => {
    const { receiver, site, errors, unwanted } = await setup()
    const [other, garbled, good] = [popped(), popped(), popped()]
    garbled.unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'no')
    const damage = new RocketMQError('PROTOCOL_ERROR', 'no')
    site.pop = async () => ({ messages: [garbled, good], unwanted: [other], damage })
    expect(await receiver.receive(OPTIONS, never)).toEqual([good])
    expect([unwanted, errors]).toEqual([[other], [damage, garbled.unreadable]])
  })

  it('needs a subscription, and a topic that exists', async () => {
    const none = await setup([])
    await expect(none.receiver.receive(OPTIONS, never)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const { receiver, client } = await setup()
    client.routes.forget('Orders')
    client.topicRoutes.clear()
    await expect(receiver.receive(OPTIONS, never)).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND', topic: 'Orders' })
  })
})
