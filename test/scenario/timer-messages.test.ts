import { describeSideBySide } from '../support/cluster'

/** Timers of brokers have a precision of 1 s, and are rounded down. */
const EARLY_MS = 1050
/** Far more than any machine needs, and far less than a time that was taken for another. */
const LATE_MS = 20_000

describeSideBySide('timer messages', cluster => {
  if (cluster.version === '5') {
    const times = {
      'a time from now': (ms: number) => ({ delayMs: ms }),
      'a point in time': (ms: number) => ({ deliverAt: Date.now() + ms }),
      'a Date': (ms: number) => ({ deliverAt: new Date(Date.now() + ms) }),
    }
    for (const [name, of] of Object.entries(times)) {
      cluster.it(`are delivered at ${name}`, async site => {
        const topic = await site.freshTopic()
        const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
        const dueAt = Date.now() + 3000
        const result = await producer.send({ topic, body: 'timer', tags: 'T', ...of(3000) })
        expect(result).toMatchObject({ sendStatus: 'SEND_OK', recallHandle: expect.stringMatching(/^[\w=-]+$/) })
        const message = await inbox.text('timer')
        const lateBy = Date.now() - dueAt
        expect(lateBy).toBeGreaterThan(-EARLY_MS)
        expect(lateBy).toBeLessThan(LATE_MS)
        expect(message).toMatchObject({ topic, msgId: result.msgId, tags: 'T' })
      })
    }

    cluster.it('of the past are delivered now', async site => {
      const topic = await site.freshTopic()
      const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
      await producer.send({ topic, body: 'past', deliverAt: Date.now() - 60_000 })
      await inbox.text('past')
    })

    cluster.it('of more than three days are refused', async site => {
      const topic = await site.freshTopic()
      const producer = await site.producer()
      const refused = producer.send({ topic, body: 'far', delayMs: 4 * 24 * 3_600_000 })
      await expect(refused).rejects.toMatchObject({ code: 'BROKER_ERROR', responseCode: 'MESSAGE_ILLEGAL' })
    })
    return
  }

  cluster.it('are refused before they are sent, as brokers before 5.0 would deliver them at once', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const refused = { code: 'UNSUPPORTED_BY_BROKER', sent: 'NO', message: expect.stringContaining('delayTimeLevel') }
    const message = { topic, body: 'timer', delayMs: 3000 }
    await expect(producer.send(message)).rejects.toMatchObject(refused)
    await expect(producer.sendOneway(message)).rejects.toMatchObject(refused)
    const error = await new Promise(resolve => producer.sendAsync(message, resolve))
    expect(error).toMatchObject(refused)
    await producer.send({ topic, body: 'last' })
    await inbox.text('last')
    expect(inbox.texts).toEqual(['last'])
  })

  cluster.it('are sent with a warning where that is wished', async site => {
    const topic = await site.freshTopic(1)
    const warnings: unknown[] = []
    const log = () => undefined
    const logger = { debug: log, info: log, error: log, warn: (...args: unknown[]) => warnings.push(args) }
    const [producer, { inbox }] = await Promise.all([
      site.producer({ timerOnOldBrokers: 'warn', logger }),
      site.reader(topic),
    ])
    const sentAt = Date.now()
    await producer.send({ topic, body: 'timer', delayMs: 20_000 })
    await inbox.text('timer')
    expect(Date.now() - sentAt).toBeLessThan(20_000)
    expect(JSON.stringify(warnings)).toContain('would deliver a timer message at once')
  })
})
