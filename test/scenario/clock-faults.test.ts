import { describeEmulatorOnly } from '../support/cluster'
import { Load } from '../support/load'
import { WanderingClock } from '../support/wandering-clock'

const HOUR_MS = 3_600_000
const BLOCKED_MS = 4000

describeEmulatorOnly(
  'time',
  cluster => {
    cluster.it('fault 24: that an administrator sets, an hour either way, expires nothing', async site => {
      const topic = await site.freshTopic()
      const clock = new WanderingClock()
      const load = new Load(site)
      const settings = { advanced: { clock }, heartbeatBrokerIntervalMs: 200 }
      const producer = await site.producer(settings)
      await site.consumer(topic, { ...settings, persistConsumerOffsetIntervalMs: 100 }, load.take)
      load.start(producer, topic)
      await load.acknowledged(50)
      for (const step of [HOUR_MS, -HOUR_MS, -HOUR_MS, HOUR_MS]) {
        clock.step(step)
        load.recovery.faultEnds()
        await load.acknowledged(50)
      }
      await load.tell(24, 'the clock is set, an hour either way', { withinMs: 3000 })
      expect(load.failed).toEqual([])
      expect(site.backgroundErrors).toEqual([])
    })

    cluster.it(
      'fault 24: in which the process does nothing is followed by a new start, not by expiries',
      async site => {
        const topic = await site.freshTopic()
        const load = new Load(site)
        const settings = { requestTimeoutMs: BLOCKED_MS / 2 }
        const producer = await site.producer({ ...settings, sendTimeoutMs: BLOCKED_MS / 2 })
        await site.consumer(topic, settings, load.take)
        load.start(producer, topic, { mayFail: true })
        await load.acknowledged(50)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS)
        load.recovery.faultEnds()
        await load.acknowledged(100)
        const also = `${load.failed.length} sends failed`
        await load.tell(24, `the event loop is blocked for ${BLOCKED_MS / 1000} s`, { withinMs: 3000, also })
        expect(load.failed).toEqual([])
      },
    )
  },
  { alone: true },
)
