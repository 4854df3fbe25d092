import { generationOf } from '../support/running-cluster'
import type { JavaReader } from './real/java-reader'
import { requireTarget } from './real/target'
import { type RunWithJava, describeWithJava, javaReader } from './with-java'

const COUNT = 60

const textsOf = (readers: readonly JavaReader[]): string[] => readers.flatMap(({ texts }) => texts)

const isOld = generationOf(requireTarget().version) === '4.9'
// Neither the brokers nor the Java client of 4.9 know POP.
if (isOld) it.skip('Java consumers that pop', () => undefined)
else describeWithJava('Java consumers that pop', define)

function define(it: (title: string, run: RunWithJava) => void): void {
  it('have each message once, however many they are', async (site, peer) => {
    const [topic, group] = [await site.freshTopic(2), site.freshGroup()]
    await (await site.admin()).setMessageRequestMode(topic, group, 'POP')
    const options = { group, mode: 'pop' } as const
    const readers = await Promise.all([1, 2, 3].map(() => javaReader(site, peer, topic, options)))
    const producer = await site.producer()
    const sent = Array.from({ length: COUNT }, (_, i) => String(i))
    for (const body of sent) await producer.send({ topic, body })
    await site.until(() => textsOf(readers).length >= COUNT, {
      what: () => `${COUNT} messages, not ${textsOf(readers)}`,
    })
    expect(textsOf(readers).sort()).toEqual(sent.sort())
    for (const { properties } of readers.flatMap(({ messages }) => messages))
      expect(properties['POP_CK']).toMatch(/^\d+ \d{13} 60000 [0-7] 0 \S+ [01] \d+$/)
  })

  it('have a message again that they gave back', async (site, peer) => {
    const [topic, group] = [await site.freshTopic(1), site.freshGroup()]
    await (await site.admin()).setMessageRequestMode(topic, group, 'POP')
    const reader = await javaReader(site, peer, topic, { group, mode: 'pop' })
    const producer = await site.producer()
    const { msgId } = await producer.send({ topic, tags: 'again', body: 'try me' })
    await producer.send({ topic, tags: 'once', body: 'and me' })
    const messages = await reader.first(3)
    expect(reader.texts.slice().sort()).toEqual(['and me', 'try me', 'try me'])
    expect(messages[2]).toMatchObject({ topic, msgId, tags: 'again', reconsumeTimes: 1 })
    expect(messages[2]?.properties).toMatchObject({ ORIGIN_GROUP: group, POP_CK: expect.stringMatching(/ 1 \S+ 0 0$/) })
  })
}
