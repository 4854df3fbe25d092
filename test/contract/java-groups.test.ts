import type { Message, MessageExt, Producer } from '../../lib/index'
import { type Call, MixedGroup, type MixedGroupOptions } from './mixed-group'
import { SHARING_STRATEGIES, configStrategy } from './strategies'
import { describeWithJava, javaReader } from './with-java'

// Each of several stages may wait for the end of a lock.
jest.setTimeout(400_000)

const PER_STAGE = 100
/** Two Java machines and as many tests as there are start at once: sends may wait for a busy machine. */
const SLOWLY = { sendTimeoutMs: 60_000, requestTimeoutMs: 60_000 }

/** Sends the messages of one stage, a few at a time, and resolves with their texts. */
async function sendStage(producer: Producer, topic: string, stage: number): Promise<string[]> {
  const texts = Array.from({ length: PER_STAGE }, (_, i) => `${stage} ${i}`)
  for (let i = 0; i < PER_STAGE; i += 10)
    await Promise.all(texts.slice(i, i + 10).map(body => producer.send({ topic, body })))
  return texts
}

/** Has members of both clients join and leave while messages are sent; resolves with all the texts. */
async function changeMembers(group: MixedGroup, send: (stage: number) => Promise<string[]>): Promise<string[]> {
  const during = async <T>(stage: number, change: Promise<T>): Promise<[T, string[]]> => {
    const result = await Promise.all([change, send(stage)])
    await group.settled()
    return result
  }
  const [ours, first] = await during(0, group.joinOurs())
  const [java, second] = await during(1, group.joinJava())
  const [, third] = await during(2, group.joinOurs())
  const [, fourth] = await during(3, group.leave(java))
  const [, fifth] = await during(4, group.joinJava())
  const [, sixth] = await during(5, group.leave(ours))
  return [first, second, third, fourth, fifth, sixth].flat()
}

/** Gaps, and steps back that are no handover, in the calls of each queue. */
function disorder(calls: readonly Call[]): string[] {
  const last = new Map<number, Call>()
  return calls.flatMap(call => {
    const before = last.get(call.queueId)
    last.set(call.queueId, call)
    const step = call.queueOffset - (before?.queueOffset ?? -1)
    const isReplay = step < 1 && before?.member !== call.member
    return step === 1 || isReplay ? [] : [`queue ${call.queueId}: ${call.queueOffset} after ${before?.queueOffset}`]
  })
}

describeWithJava('a group of members of both clients', it => {
  for (const strategy of SHARING_STRATEGIES) {
    it(`loses nothing, and each queue has one owner by ${strategy.java}, while members come and go`, async (site, peer) => {
      const topic = await site.freshTopic(8)
      const group = new MixedGroup(site, peer, topic, { queues: 8, ordered: false, strategy })
      const producer = await site.producer(SLOWLY)
      await group.received(await changeMembers(group, stage => sendStage(producer, topic, stage)))
    })
  }

  it('loses nothing, and each queue has the owner of its list by CONFIG, while members come and go', async (site, peer) => {
    const topic = await site.freshTopic(8)
    const producer = await site.producer(SLOWLY)
    const strategy = configStrategy(await producer.publishMessageQueues(topic))
    const group = new MixedGroup(site, peer, topic, { queues: 8, ordered: false, strategy })
    const [ours, java] = await Promise.all([group.joinOurs(), group.joinJava()])
    await group.settled()
    const sent = [await sendStage(producer, topic, 0)]
    await group.leave(java)
    sent.push(await sendStage(producer, topic, 1))
    await group.joinJava()
    await group.settled()
    await group.leave(ours)
    sent.push(await sendStage(producer, topic, 2))
    await group.joinOurs()
    await group.settled()
    await group.received(sent.flat())
    const owners = new Map(group.calls.map(call => [`${call.queueId % 2} ${'tellStop' in call.member}`, call.queueId]))
    expect([...owners.keys()].toSorted()).toEqual(['0 false', '1 true'])
  })

  it('keeps the order of each queue with orderly listeners, also where a queue goes to the other client', async (site, peer) => {
    const topic = await site.freshTopic(4)
    const [strategy] = SHARING_STRATEGIES as [MixedGroupOptions['strategy']]
    const group = new MixedGroup(site, peer, topic, { queues: 4, ordered: true, strategy })
    const producer = await site.producer(SLOWLY)
    await group.received(await changeMembers(group, stage => sendStage(producer, topic, stage)))
    expect(disorder(group.calls)).toEqual([])
  })

  const message: Omit<Message, 'topic'> = {
    body: '失败',
    tags: 'T',
    keys: ['k1', 'k2'],
    properties: { a: '一' },
    flag: 3,
  }

  it('has a message again in a member of ours that a Java member gave back', async (site, peer) => {
    const [topic, group] = [await site.freshTopic(1), site.freshGroup()]
    const java = await javaReader(site, peer, topic, { group, mode: 'retry' })
    const { msgId, offsetMsgId } = await (await site.producer(SLOWLY)).send({ ...message, topic })
    await java.first(1)
    await java.stop()
    const { inbox } = await site.reader(topic, { consumerGroup: group })
    const retried = (): MessageExt | undefined =>
      inbox.messages.find(({ reconsumeTimes }) => reconsumeTimes === java.messages.length)
    await site.until(() => retried() !== undefined, { what: () => `try ${java.messages.length}, not ${inbox.texts}` })
    expect(retried()).toMatchObject({ topic, msgId, tags: 'T', keys: ['k1', 'k2'], flag: 3 })
    expect(retried()?.text()).toBe('失败')
    expect(retried()?.properties).toMatchObject({ a: '一', ORIGIN_MESSAGE_ID: offsetMsgId, RETRY_TOPIC: topic })
  })

  it('has a message again in a Java member that a member of ours gave back', async (site, peer) => {
    const [topic, group] = [await site.freshTopic(1), site.freshGroup()]
    const inbox = site.newInbox()
    const ours = await site.consumer(topic, { consumerGroup: group }, each => {
      inbox.take(each)
      return { status: 'RECONSUME_LATER', delayLevel: 1 }
    })
    const { msgId, offsetMsgId } = await (await site.producer(SLOWLY)).send({ ...message, topic })
    await inbox.first(1)
    await ours.shutdown()
    const java = await javaReader(site, peer, topic, { group })
    const [retried] = await java.first(1)
    const reconsumeTimes = inbox.messages.length
    expect(retried).toMatchObject({ topic, msgId, tags: 'T', keys: 'k1 k2', flag: 3, reconsumeTimes })
    expect(java.texts).toEqual(['失败'])
    expect(retried?.properties).toMatchObject({ a: '一', ORIGIN_MESSAGE_ID: offsetMsgId, RETRY_TOPIC: topic })
  })
})
