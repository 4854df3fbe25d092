import type { MessageQueue, OffsetStore } from '../../lib/index'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'

/** A store of a user's own, whose first questions are never answered. */
class HangingStore implements OffsetStore {
  readonly #offsets = new Map<number, number>()
  hangs = true

  load = () => Promise.resolve()
  read = ({ queueId }: MessageQueue) =>
    this.hangs ? new Promise<never>(() => undefined) : Promise.resolve(this.#offsets.get(queueId) ?? 0)
  current = ({ queueId }: MessageQueue) => this.#offsets.get(queueId)
  update = ({ queueId }: MessageQueue, offset: number) => void this.#offsets.set(queueId, offset)
  freeze = () => undefined
  persist = () => Promise.resolve()
  remove = () => undefined
}

describeEmulatorOnly('the watchdog of a consumer', cluster => {
  cluster.it('gives up a round that a store holds up for ever, and messages come after it', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    for (const body of ['a', 'b']) await producer.send({ topic, body })
    const clock = new ManualClock()
    const offsetStore = new HangingStore()
    const inbox = site.newInbox()
    const consumer = site.newConsumer({ offsetStore, advanced: { clock } }).subscribe(topic).consumeEach(inbox.take)
    const started = consumer.start({ timeoutMs: 300_000 })
    await clock.advance(1000)
    offsetStore.hangs = false
    const isTold = () => site.backgroundErrors.some(({ code }) => code === 'LOOP_STALLED')
    while (!isTold()) await clock.advance(10_000)
    while (inbox.messages.length < 2) await clock.advance(1000)
    await started
    expect([...inbox.distinct].sort()).toEqual(['a', 'b'])
    const told = site.backgroundErrors.filter(({ code }) => code === 'LOOP_STALLED')
    expect(told.map(({ message }) => message)).toEqual([
      expect.stringMatching(/the rebalance loop of group .* takes and gives back queues of/),
    ])
  })
})

describeScenario('a listener in order that takes too long', cluster => {
  for (const ordered of ['queue', 'key'] as const) {
    cluster.it(`is told of with its message, by ${ordered}, and waited for`, async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      for (const body of ['0', '1']) await producer.send({ topic, body, shardingKey: 'k' })
      const inbox = site.newInbox()
      let letGo = (): void => undefined
      const hanging = new Promise<void>(resolve => (letGo = resolve))
      const consumer = site.newConsumer({ consumeTimeoutMs: 50 }).subscribe(topic)
      consumer.consumeEach({ ordered }, async message => {
        inbox.take(message)
        await hanging
      })
      site.onEnd(async () => letGo())
      await consumer.start()
      await inbox.text('0')
      const told = () => site.backgroundErrors.filter(({ code }) => code === 'LISTENER_TIMEOUT')
      await site.until(() => told().length > 0, { what: () => 'a LISTENER_TIMEOUT' })
      expect(told()[0]).toMatchObject({ topic, message: expect.stringContaining(`its ${ordered}`) })
      expect(inbox.texts).toEqual(['0'])
      letGo()
      await inbox.text('1')
      expect(inbox.texts).toEqual(['0', '1'])
    })
  }
})
