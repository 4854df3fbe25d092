import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'
import { javaView, ourView } from './java-view'
import { JavaPeer } from './real/java-peer'
import { runAdmin } from './real/mqadmin'
import { requireTarget } from './real/target'
import { javaReader } from './with-java'

const { version } = requireTarget()
const COUNT = 5

/** They are all at one place of the log, whose id we tell and Java does not. */
const byOffset = (views: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  views
    .map(({ offsetMsgId: _id, ...view }): Record<string, unknown> => view)
    .toSorted((a, b) => Number(a.queueOffset) - Number(b.queueOffset))

/** A topic whose brokers keep a batch as one record. */
async function batchTopic(site: Site): Promise<string> {
  const topic = `Batches_${site.freshGroup()}`
  const attributes = '+queue.type=BatchCQ'
  const args = ['updateTopic', '-t', topic, '-c', 'DefaultCluster', '-r', '1', '-w', '1', '-a', attributes]
  const printed = await runAdmin(version, [...args, '-n', site.namesrvAddr])
  if (/exception/i.test(printed)) throw new Error(printed)
  return topic
}

describeScenario('batches that brokers keep as one record', cluster => {
  if (cluster.kind !== 'real' || cluster.version === '4.9') {
    cluster.skip('are the same messages to a listener as to one of Java', 'brokers from 5.0 alone have them')
    return
  }

  cluster.it('are the same messages to a listener as to one of Java, and each comes again by itself', async site => {
    const topic = await batchTopic(site)
    const peer = await JavaPeer.start(version)
    site.onEnd(() => peer.close())
    const [{ inbox }, java] = await Promise.all([site.reader(topic), javaReader(site, peer, topic)])
    const failing = site.newInbox()
    await site.consumer(topic, {}, message => {
      failing.take(message)
      if (message.reconsumeTimes === 0 && message.properties['index'] === '2') throw new Error('again')
    })
    const [result] = await peer.send(site.namesrvAddr, topic, COUNT, 'batch')
    expect(result?.sendStatus).toBe('SEND_OK')
    const [ours, seen] = await Promise.all([inbox.first(COUNT), java.first(COUNT)])
    expect(byOffset(ours.map(ourView))).toEqual(byOffset(seen.map(javaView)))
    expect(new Set(ours.map(({ offsetMsgId }) => offsetMsgId)).size).toBe(1)
    expect(seen.map(({ offsetMsgId }) => offsetMsgId)).toEqual(ours.map(() => null))
    expect(ours.map(({ queueOffset }) => queueOffset)).toEqual(Array.from({ length: COUNT }, (_, i) => i))
    const again = await failing.first(COUNT + 1)
    expect(again.at(-1)).toMatchObject({ topic, reconsumeTimes: 1 })
    expect(again.at(-1)?.properties['index']).toBe('2')
  })
})
