import { describeSideBySide } from '../support/cluster'

/** Seconds of the levels of `messageDelayLevel` that are short enough for a test. */
const SECONDS_OF_LEVEL = { 1: 1, 2: 5 } as const
const TOLERANCE_MS = 1500

describeSideBySide('delay levels', cluster => {
  for (const [level, seconds] of Object.entries(SECONDS_OF_LEVEL)) {
    cluster.it(`deliver a message of level ${level} after ${seconds} s`, async site => {
      const topic = await site.freshTopic()
      const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
      const lateBy: number[] = []
      // One of them may meet a machine that is busy for a moment.
      for (const body of ['first', 'second', 'third']) {
        const sentAt = Date.now()
        const result = await producer.send({ topic, body, delayTimeLevel: Number(level), keys: 'k', tags: 'T' })
        expect(result.sendStatus).toBe('SEND_OK')
        const message = await inbox.text(body)
        lateBy.push(Date.now() - sentAt - seconds * 1000)
        const { msgId } = result
        expect(message).toMatchObject({ topic, msgId, delayTimeLevel: Number(level), tags: 'T', keys: ['k'] })
        expect(message.reconsumeTimes).toBe(0)
        if (lateBy.some(ms => ms < TOLERANCE_MS)) break
      }
      // Brokers round to their own ticks of time, so a few milliseconds may be missing.
      expect(Math.min(...lateBy)).toBeGreaterThan(-50)
      expect(Math.min(...lateBy)).toBeLessThan(TOLERANCE_MS)
    })
  }

  cluster.it('do not hold back what comes after without one', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    await producer.send({ topic, body: 'late', delayTimeLevel: 2 })
    await producer.send({ topic, body: 'at once' })
    await producer.send({ topic, body: 'at once, too', delayTimeLevel: 0 })
    await inbox.first(3)
    expect(inbox.texts).toEqual(['at once', 'at once, too', 'late'])
  })
})
