import { type MessageQueueSelector, selectByHash, selectByMachineRoom, selectByRandom } from '../../lib/index'
import { describeScenario } from '../support/cluster'

describeScenario('selectors', cluster => {
  cluster.it('by hash choose as Java does, for text and for numbers', async site => {
    const topic = await site.freshTopic(8)
    const producer = await site.producer()
    const chosen = async (arg: unknown): Promise<number> =>
      (await producer.send({ topic, body: 'x' }, { selector: selectByHash, arg })).messageQueue.queueId
    // Java: "order-3".hashCode() is -1207111308, and Math.abs(-1207111308 % 8) is 4.
    expect(await chosen('order-3')).toBe(4)
    expect(await chosen('AaAa')).toBe(await chosen('BBBB'))
    expect(await chosen(13)).toBe(5)
    expect(await chosen(-13)).toBe(5)
  })

  cluster.it('by chance reach every queue', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    const send = () => producer.send({ topic, body: 'x' }, { selector: selectByRandom })
    const results = await Promise.all(Array.from({ length: 64 }, send))
    expect(new Set(results.map(({ messageQueue }) => messageQueue.queueId))).toEqual(new Set([0, 1]))
  })

  cluster.it('by machine room find none where no broker is named after its room', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    const sent = producer.send({ topic, body: 'x' }, { selector: selectByMachineRoom(['hangzhou']) })
    await expect(sent).rejects.toMatchObject({ code: 'NO_WRITABLE_QUEUE' })
  })

  cluster.it('that choose no queue of the topic, or throw, fail the send and nothing is sent', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const foreign: MessageQueueSelector = () => ({ topic, brokerName: 'elsewhere', queueId: 0 })
    const failure = producer.send({ topic, body: 'foreign' }, { selector: foreign })
    await expect(failure).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', sent: 'NO' })
    const throwing: MessageQueueSelector = () => {
      throw new TypeError('a bug in the selector')
    }
    await expect(producer.send({ topic, body: 'thrown' }, { selector: throwing })).rejects.toThrow(
      'a bug in the selector',
    )
    await producer.send({ topic, body: 'last' })
    await inbox.text('last')
    expect(inbox.texts).toEqual(['last'])
  })
})
