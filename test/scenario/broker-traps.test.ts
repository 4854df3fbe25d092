import { ManualClock } from '../../lib/emulator/index'
import type { Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { Scheduler } from '../../lib/runtime/scheduler'
import { describeEmulatorOnly, describeSideBySide } from '../support/cluster'
import { ForwardClock } from '../support/forward-clock'
import { HandMadeClient, Replier, takeReplies } from '../support/replies'
import { Wires } from '../support/wires'

/** A registration that was not renewed is dropped after 120 s, at the next look of every 10 s. */
const EXPIRED_MS = 150_000
const NO_REPLIES = 'the emulator answers 325 with REQUEST_CODE_NOT_SUPPORTED; its registers have unit tests of this'

function idOf({ clientId }: Producer): string {
  if (clientId === undefined) throw new Error('the producer is not started')
  return clientId
}

describeSideBySide('registrations by channel', cluster => {
  const older =
    'a broker cannot reach a client any more whose older connection has closed, until it unregisters and is told anew'
  const oneOfTwo =
    'a broker cannot reach a client any more of which one producer has left, until the other is told anew'
  const reconnected = 'our client is reached again after the broker noticed late that an older connection was dead'
  const shared = 'our client is reached still when one of its producers was shut down'
  const expired = 'a broker closes the connection of a client that left out a group without unregistering it'
  if (cluster.kind === 'emulator') {
    for (const title of [older, oneOfTwo, shared, reconnected]) cluster.skip(title, NO_REPLIES)
    cluster.skip(expired, 'it takes 130 s; see the same with a manual clock')
    return
  }

  cluster.it(older, async site => {
    const replier = await Replier.at(site)
    const [id, group] = [`hand-made@${site.freshGroup()}`, site.freshGroup()]
    const [first, second] = [new HandMadeClient(replier.address, id), new HandMadeClient(replier.address, id)]
    site.onEnd(() => second.close())
    await first.heartbeat(group)
    await second.heartbeat(group)
    expect(await replier.reply(id, group)).toBe('reached')
    await first.close()
    await replier.reaches(id, group, false)
    await second.heartbeat(group)
    expect(await replier.reply(id, group)).toMatch(/not found/)
    await second.unregister(group)
    await second.heartbeat(group)
    expect(await replier.reply(id, group)).toBe('reached')
  })

  cluster.it(oneOfTwo, async site => {
    const replier = await Replier.at(site)
    const [id, leaves, stays] = [`hand-made@${site.freshGroup()}`, site.freshGroup(), site.freshGroup()]
    const client = new HandMadeClient(replier.address, id)
    site.onEnd(() => client.close())
    await client.heartbeat(leaves, stays)
    expect(await replier.reply(id, stays)).toBe('reached')
    await client.unregister(leaves)
    await client.heartbeat(stays)
    expect(await replier.reply(id, stays)).toMatch(/not found/)
    await client.unregister(stays)
    await client.heartbeat(stays)
    expect(await replier.reply(id, stays)).toBe('reached')
  })

  cluster.it(expired, async site => {
    const replier = await Replier.at(site)
    const [id, leftOut, kept] = [`hand-made@${site.freshGroup()}`, site.freshGroup(), site.freshGroup()]
    const client = new HandMadeClient(replier.address, id)
    const heartbeats = new Scheduler(systemClock, () => undefined)
    site.onEnd(() => Promise.all([heartbeats.stop(), client.close()]))
    // Groups that a broker first hears of together stay together; these two began one after the other.
    await client.heartbeat(leftOut)
    await client.heartbeat(leftOut, kept)
    const since = systemClock.monotonic()
    heartbeats.add({ name: 'heartbeat of one', everyMs: 10_000, run: () => client.heartbeat(kept) })
    await client.closed
    expect(systemClock.monotonic() - since).toBeGreaterThan(110_000)
    expect(systemClock.monotonic() - since).toBeLessThan(EXPIRED_MS)
  })

  cluster.it(shared, async site => {
    const replier = await Replier.at(site)
    const options = { namesrvAddr: site.namesrvAddr, advanced: { instanceName: site.freshGroup() } }
    const [leaves, stays] = [await site.producer(options), await site.producer(options)]
    const taken = takeReplies(site, options, stays.producerGroup)
    expect(leaves.clientId).toBe(stays.clientId)
    await leaves.shutdown()
    expect(await replier.reply(idOf(stays), stays.producerGroup)).toBe('reached')
    expect(taken).toEqual(['the reply'])
  })

  cluster.it(reconnected, async site => {
    const [replier, wires, clock] = [await Replier.at(site), new Wires(), new ForwardClock()]
    site.onEnd(() => wires.close())
    const advanced = { instanceName: site.freshGroup(), dialer: wires.dialer, clock }
    const options = { namesrvAddr: site.namesrvAddr, heartbeatBrokerIntervalMs: 100, advanced }
    const producer = await site.producer(options)
    const topic = await site.freshTopic(1)
    await producer.send({ topic, body: 'connects' })
    const [id, group] = [idOf(producer), producer.producerGroup]
    takeReplies(site, options, group)
    expect(await replier.reply(id, group)).toBe('reached')
    const notice: (() => void)[] = []
    await wires.each(wire => notice.push(wire.abandon()))
    await replier.reaches(id, group, true)
    // The broker hears of the old connection's end, and forgets the new one.
    for (const each of notice) each()
    await replier.reaches(id, group, false)
    // The client cannot know. It tells the broker anew when the old connection must have been noticed for sure.
    for (let skipped = 0; skipped < 130_000; skipped += 65_000) {
      clock.skip(65_000)
      await producer.send({ topic, body: 'keeps the connection in use' })
    }
    await replier.reaches(id, group, true)
  })
})

const clock = new ManualClock()

describeEmulatorOnly(
  'a client that shut one of its producers down',
  cluster => {
    cluster.it('keeps its connection when the broker drops what was not renewed', async site => {
      const topic = await site.freshTopic(1)
      const advanced = { clock, instanceName: topic }
      const [leaves, stays] = [await site.producer({ advanced }), await site.producer({ advanced })]
      await Promise.all([leaves, stays].map(each => each.send({ topic, body: 'x' })))
      await leaves.shutdown()
      const admin = await site.admin()
      const before = await admin.producerConnections(stays.producerGroup, { topic })
      await clock.advance(EXPIRED_MS)
      expect(await admin.producerConnections(stays.producerGroup, { topic })).toEqual(before)
      expect(before).toMatchObject([{ clientId: stays.clientId }])
    })

    cluster.it('would lose it, had it left out the group of that producer alone', async site => {
      const topic = await site.freshTopic(1)
      const admin = await site.admin()
      const [broker] = (await admin.topicRoute(topic)).brokerDatas
      const client = new HandMadeClient(broker?.brokerAddrs.get(0) ?? '', `hand-made@${topic}`)
      site.onEnd(() => client.close())
      await client.heartbeat('left-out')
      await client.heartbeat('left-out', 'kept')
      let closed = false
      void client.closed.then(() => (closed = true))
      for (let passed = 0; passed < 120_000; passed += 10_000) {
        expect(closed).toBe(false)
        await clock.advance(10_000)
        await client.heartbeat('kept')
      }
      await clock.advance(10_000)
      await client.closed
    })
  },
  { clock },
)
