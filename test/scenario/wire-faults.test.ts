import { seededRandom } from '../soak/seeded-random'
import { describeSideBySide } from '../support/cluster'
import { inOrder } from '../support/in-order'
import { Load } from '../support/load'
import { OrderChecker } from '../support/order-checker'
import type { Site } from '../support/site'
import type { Pace } from '../support/weather'
import { Wires } from '../support/wires'

const SEND_MESSAGE_V2 = 310
const PULL_MESSAGE = 11
/** Of a request, by default. */
const REQUEST_TIMEOUT_MS = 3000

function wiresOf(site: Site): Wires {
  const wires = new Wires()
  site.onEnd(() => wires.close())
  return wires
}

const SLOW: readonly (readonly [string, Pace, { readonly atATime: number; readonly bytes: number }])[] = [
  ['answers come after 2 s, more or less', { delayMs: latency() }, { atATime: 50, bytes: 10 }],
  ['bytes come one by one', { pieceBytes: 1 }, { atATime: 10, bytes: 10 }],
  ['64 kB come in a second', { bytesPerSecond: 64_000, pieceBytes: 1400 }, { atATime: 20, bytes: 1000 }],
]

/** Each way. */
function latency(): () => number {
  const random = seededRandom(9)
  return () => 800 + random(400)
}

describeSideBySide('a connection', cluster => {
  cluster.it('fault 6: that breaks in the middle of a frame, either way, loses no acknowledged message', async site => {
    const wires = wiresOf(site)
    const topic = await site.freshTopic()
    const load = new Load(site)
    const advanced = { dialer: wires.dialer }
    const producer = await site.producer({ advanced, sendTimeoutMs: 10_000, retryTimesWhenSendFailed: 10 })
    await site.consumer(topic, { advanced }, load.take)
    load.start(producer, topic, { atATime: 2 })
    await load.acknowledged(20)
    for (const direction of ['requests', 'replies', 'requests', 'replies'] as const) {
      // Frames begin with 8 bytes of lengths: some are cut in these, some in the header.
      for (const afterBytes of [2, 30]) {
        wires.weather.cut = { direction, afterBytes }
        await load.acknowledged(20)
        await site.until(() => wires.weather.cut === undefined, { what: 'a connection that was cut' })
        load.recovery.faultEnds()
      }
    }
    await load.acknowledged(20)
    await load.tell(6, 'connections break in the middle of a frame, 8 times', { withinMs: 3000 })
    expect(load.failed).toEqual([])
  })

  cluster.it('fault 7: that is dead without a word is given up when a request has waited for its time', async site => {
    const wires = wiresOf(site)
    const topic = await site.freshTopic()
    const load = new Load(site)
    const options = { advanced: { dialer: wires.dialer }, requestTimeoutMs: REQUEST_TIMEOUT_MS }
    const producer = await site.producer({ ...options, sendTimeoutMs: REQUEST_TIMEOUT_MS })
    await site.consumer(topic, { ...options, heartbeatBrokerIntervalMs: 500 }, load.take)
    load.start(producer, topic, { atATime: 2, mayFail: true })
    await load.acknowledged(20)
    await wires.each(wire => wire.freeze())
    load.recovery.faultEnds()
    await load.acknowledged(50)
    await load.tell(7, 'connections are dead without a word', { withinMs: 1.5 * REQUEST_TIMEOUT_MS })
    // Those that were on their way, and nobody knows whether the broker has them.
    expect(load.failed.length).toBeLessThanOrEqual(2)
    for (const error of load.failed) expect(error).toMatchObject({ sent: 'UNKNOWN' })
  })

  cluster.it(
    'fault 8: to a server that takes requests and never answers is replaced, and nothing piles up',
    async site => {
      const wires = wiresOf(site)
      let isMute = false
      wires.weather.replies = frame => (isMute ? [] : [frame])
      const topic = await site.freshTopic()
      const load = new Load(site)
      const options = { advanced: { dialer: wires.dialer }, requestTimeoutMs: 1000, heartbeatBrokerIntervalMs: 500 }
      const producer = await site.producer({ ...options, sendTimeoutMs: 1000 })
      await site.consumer(topic, options, load.take)
      load.start(producer, topic, { atATime: 4, mayFail: true })
      await load.acknowledged(20)
      const before = await wires.connections()
      isMute = true
      const gaveUp = () => site.backgroundErrors.some(({ code }) => code === 'CHANNEL_CLOSED')
      await site.until(gaveUp, { what: 'a connection that is given up' })
      isMute = false
      load.recovery.faultEnds()
      await load.acknowledged(50)
      await load.tell(8, 'servers take requests and never answer', { withinMs: 5000 })
      for (const error of load.failed) expect(error).toMatchObject({ sent: 'UNKNOWN' })
      expect(load.failed.length).toBeGreaterThanOrEqual(4)
      expect(producer.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0, waiting: 0 })
      const after = await wires.connections()
      expect(after.made).toBeGreaterThan(before.made)
      expect(after.open).toBeLessThanOrEqual(before.open)
    },
  )

  for (const [what, pace, { atATime, bytes }] of SLOW) {
    cluster.it(`fault 9: on which ${what} keeps order, repeats nothing and asks no more than otherwise`, async site => {
      const wires = wiresOf(site)
      const asked = new Map<number, number>()
      wires.weather.onRequest = ({ code }) => asked.set(code, (asked.get(code) ?? 0) + 1)
      const topic = await site.freshTopic(2)
      const [load, order] = [new Load(site), new OrderChecker()]
      const advanced = { dialer: wires.dialer }
      const producer = await site.producer({ advanced, sendTimeoutMs: 30_000, requestTimeoutMs: 30_000 })
      const consumer = site.newConsumer({ advanced, requestTimeoutMs: 30_000 }).subscribe(topic)
      await consumer.consumeEach({ ordered: 'queue' }, inOrder(order, load.take)).start()
      await producer.send({ topic, body: 'connects' })
      load.ledger.sent('connects')
      wires.weather.pace = pace
      load.recovery.faultEnds()
      asked.clear()
      load.start(producer, topic, { atATime, padding: bytes })
      await load.acknowledged(20)
      await load.tell(9, what)
      wires.weather.pace = undefined
      expect(order.faults).toEqual([])
      expect(load.failed).toEqual([])
      const { sent, repeated } = load.ledger.counts
      expect(repeated).toBe(0)
      expect(asked.get(SEND_MESSAGE_V2)).toBe(sent - 1)
      // Each queue has one pull at a time, and each brings something, but for the last ones.
      expect(asked.get(PULL_MESSAGE)).toBeLessThanOrEqual(sent + 10)
    })
  }
})
