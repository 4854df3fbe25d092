import type { AdminClient, ConsumeConcurrentlyResult, PushConsumer } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

const MESSAGES = 6

/** A group with one member that has consumed six messages of a topic with one queue. */
async function consumed(site: Site) {
  const topic = await site.freshTopic(1)
  const [producer, admin, consumerGroup] = [await site.producer(), await site.admin(), site.freshGroup()]
  const inbox = site.newInbox()
  let result: ConsumeConcurrentlyResult
  const consumer = await site.consumer(topic, { consumerGroup }, message => {
    inbox.take(message)
    if (message.text() === 'bad') throw new Error('a bug')
    return result
  })
  const sent = []
  for (let i = 0; i < MESSAGES; i++) sent.push(await producer.send({ topic, body: String(i) }))
  await inbox.first(MESSAGES)
  const member = { consumerGroup, clientId: consumer.clientId as string }
  const returns = (next: ConsumeConcurrentlyResult): void => void (result = next)
  return { topic, producer, admin, consumer, inbox, sent, member, returns }
}

/** Commits are noted when listeners have ended, a moment after the message was seen. */
async function offsetOf(
  admin: AdminClient,
  consumer: PushConsumer,
  { topic, group }: { topic: string; group: string },
) {
  for (;;) {
    const status = await admin.consumerStatus(group, topic)
    if (status.some(({ offset }) => offset === MESSAGES) || consumer.stats().state !== 'running') return status
  }
}

describeScenario('an administrator and a running consumer', cluster => {
  cluster.it('is told what the consumer does, and how far it is', async site => {
    const { topic, admin, consumer, member } = await consumed(site)
    const { consumerGroup: group, clientId } = member
    expect(await offsetOf(admin, consumer, { topic, group })).toEqual([
      { clientId, queue: { topic, brokerName: expect.any(String) as string, queueId: 0 }, offset: MESSAGES },
    ])
    const info = await admin.consumerRunningInfo(member, { jstack: true })
    expect(info.properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_PASSIVELY')
    expect(info.subscriptionSet.map(each => each.topic)).toContain(topic)
    const [, queue] = info.mqTable.find(([each]) => each.topic === topic) ?? []
    expect(queue).toMatchObject({ commitOffset: MESSAGES, cachedMsgCount: 0, droped: false })
    expect(queue?.lastConsumeTimestamp).toBeGreaterThan(1_600_000_000_000)
    const rates = info.statusTable.get(topic)
    expect(rates?.consumeOKTPS).toBeCloseTo(MESSAGES / 60, 5)
    expect(rates?.pullTPS).toBeCloseTo(MESSAGES / 60, 5)
    expect(info.jstack).toMatch(new RegExp(`${topic} .* 0: pulls; next pull at ${MESSAGES}`))
  })

  cluster.it('has one message handled once more, and hears what came of it', async site => {
    const { topic, producer, admin, inbox, sent, member, returns } = await consumed(site)
    const id = sent[2]?.offsetMsgId as string
    const message = await admin.viewMessage(id, { topic })
    expect(await admin.consumeMessageDirectly(member, message)).toMatchObject({
      order: false,
      consumeResult: 'CR_SUCCESS',
    })
    expect(inbox.texts.at(-1)).toBe('2')
    expect(inbox.messages.at(-1)).toMatchObject({ msgId: sent[2]?.msgId, topic, queueOffset: 2 })
    returns('RECONSUME_LATER')
    expect(await admin.consumeMessageDirectly(member, message)).toMatchObject({ consumeResult: 'CR_LATER' })
    returns(undefined)
    const other = await site.freshTopic(1)
    const { offsetMsgId } = await producer.send({ topic: other, body: 'bad' })
    const bad = await admin.viewMessage(offsetMsgId, { topic: other })
    expect(await admin.consumeMessageDirectly(member, bad)).toMatchObject({
      consumeResult: 'CR_THROW_EXCEPTION',
      remark: 'Error: a bug',
    })
  })

  cluster.it('hears that a member is not online', async site => {
    const { admin, member, topic, sent } = await consumed(site)
    const nobody = { ...member, clientId: '10.0.0.9@nobody' }
    const notOnline = {
      code: 'BROKER_ERROR',
      responseCode: 'SYSTEM_ERROR',
      remark: expect.stringMatching(/not online/),
    }
    await expect(admin.consumerRunningInfo(nobody)).rejects.toMatchObject(notOnline)
    const message = await admin.viewMessage(sent[0]?.offsetMsgId as string, { topic })
    await expect(admin.consumeMessageDirectly(nobody, message)).rejects.toMatchObject(notOnline)
  })
})
