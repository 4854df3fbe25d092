import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { killWithParent } from '../contract/real/child-reaper'
import { systemClock } from '../../lib/runtime/clock'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'
import { tellFault } from '../support/fault-report'
import { Ledger } from '../support/ledger'
import { packageRoot } from '../support/package-root'

describeScenario('the shutdown of a consumer under load', cluster => {
  cluster.it('fault 21: repeats no message that its listener has handled, and loses none', async site => {
    const ledger = new Ledger()
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    // All at once, which takes a busy machine its time.
    const producer = await site.producer({ sendTimeoutMs: 20_000, requestTimeoutMs: 20_000 })
    const handled: string[] = []
    const consumer = site.newConsumer({ consumerGroup }).subscribe(topic)
    consumer.consumeEach({ concurrency: 4 }, async message => {
      await new Promise(resolve => setImmediate(resolve))
      handled.push(message.text())
      ledger.consumed(message.text())
      site.changes.notify()
    })
    await consumer.start()
    const bodies = Array.from({ length: 3000 }, (_, index) => `message ${index}`)
    for (const body of bodies) ledger.sent(body)
    const sending = Promise.all(
      bodies.map(body => producer.send({ topic, body }).then(() => ledger.acknowledged(body))),
    )
    await site.until(() => handled.length >= 500, { what: '500 messages' })
    await consumer.shutdown()
    ledger.settle()
    const atTheEnd = handled.length
    expect(atTheEnd).toBeLessThan(3000)
    await sending
    const { inbox } = await site.reader(topic, { consumerGroup })
    await inbox.first(3000 - atTheEnd)
    await producer.send({ topic, body: 'last' })
    await inbox.text('last')
    expect(handled).toHaveLength(atTheEnd)
    ledger.sent('last')
    for (const body of inbox.texts) ledger.consumed(body)
    tellFault(site, { row: 21, fault: 'a consumer is shut down under load', ledger })
    const again = new Set(inbox.texts)
    expect(handled.filter(body => again.has(body))).toEqual([])
    expect(new Set([...handled, ...again])).toEqual(new Set([...bodies, 'last']))
  })

  cluster.it('is bounded where a listener hangs, and what it hung on comes again', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const consumer = site.newConsumer({ consumerGroup }).subscribe(topic)
    let seen: AbortSignal | undefined
    let release = (): void => undefined
    const hanging = new Promise<void>(resolve => (release = resolve))
    consumer.consumeEach(async (message, context) => {
      inbox.take(message)
      seen = context.signal
      if (message.text() === 'hangs') await hanging
    })
    await consumer.start()
    for (const body of ['0', '1', 'hangs']) await producer.send({ topic, body })
    await inbox.text('hangs')
    const began = Date.now()
    const incomplete = { code: 'SHUTDOWN_INCOMPLETE', message: expect.stringContaining('1 listener call') }
    await expect(consumer.shutdown({ timeoutMs: 300 })).rejects.toMatchObject(incomplete)
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(seen?.aborted).toBe(true)
    const next = await site.reader(topic, { consumerGroup })
    await next.inbox.text('hangs')
    release()
    await producer.send({ topic, body: 'last' })
    await next.inbox.text('last')
    expect(next.inbox.texts).toEqual(['hangs', 'last'])
  })

  cluster.it('fault 21: called twice is one, and afterwards it cannot be used', async site => {
    const topic = await site.freshTopic(1)
    const { consumer } = await site.reader(topic)
    const [first, second] = [consumer.shutdown(), consumer.shutdown()]
    expect(second).toBe(first)
    await first
    expect(() => consumer.suspend()).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }))
    expect(consumer.stats()).toMatchObject({ state: 'stopped', cached: 0, listenersRunning: 0 })
  })
})

describeScenario('the shutdown of a producer under load', cluster => {
  cluster.it('waits for the answers of all that was sent, and takes no more', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const bodies = Array.from({ length: 1000 }, (_, index) => `message ${index}`)
    const sends = bodies.map(body => producer.send({ topic, body }))
    const down = producer.shutdown()
    await expect(producer.send({ topic, body: 'too late' })).rejects.toMatchObject({ code: 'INVALID_STATE' })
    expect((await Promise.all(sends)).every(({ sendStatus }) => sendStatus === 'SEND_OK')).toBe(true)
    await down
    await inbox.first(1000)
    expect(inbox.distinct).toEqual(new Set(bodies))
    expect(producer.stats()).toMatchObject({ state: 'stopped', inFlight: 0, inFlightBytes: 0 })
  })

  cluster.it('calls every callback', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    let called = 0
    for (let index = 0; index < 200; index++)
      producer.sendAsync({ topic, body: 'x' }, error => (error ?? called++, undefined))
    await producer.shutdown()
    expect(called).toBe(200)
    const refused = await new Promise(resolve => producer.sendAsync({ topic, body: 'x' }, resolve))
    expect(refused).toMatchObject({ code: 'INVALID_STATE' })
  })
})

describeEmulatorOnly('a process that is told to end while it sends and consumes', cluster => {
  cluster.it('fault 21: ends soon, and another one goes on where it was, without a repetition', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const ledger = new Ledger()
    const args = ['scripts/ts.mjs', 'test/support/terminated-program.ts', site.namesrvAddr, topic, consumerGroup]
    const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
    killWithParent(child)
    const ended = once(child, 'close')
    const notes: Record<string, (body: string) => void> = {
      sent: body => ledger.sent(body),
      acked: body => ledger.acknowledged(body),
      handled: body => ledger.consumed(body),
    }
    createInterface({ input: child.stdout }).on('line', line => {
      const [verb = '', ...rest] = line.split(' ')
      notes[verb]?.(rest.join(' '))
      site.changes.notify()
    })
    await site.until(() => ledger.counts.consumed >= 300, { what: () => `300 messages, not ${ledger.counts.consumed}` })
    const toldAt = systemClock.monotonic()
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(143)
    const tookMs = systemClock.monotonic() - toldAt
    expect(tookMs).toBeLessThan(10_000)
    ledger.settle()
    await site.consumer(topic, { consumerGroup }, message => {
      ledger.consumed(message.text())
      site.changes.notify()
    })
    await site.until(() => ledger.lost.length === 0, { what: () => `${ledger.lost.length} more messages` })
    // What would be repeated stands before this one, in every queue.
    const producer = await site.producer()
    for (const queue of await producer.publishMessageQueues(topic)) {
      ledger.sent(`last of ${queue.queueId}`)
      await producer.send({ topic, body: `last of ${queue.queueId}` }, { queue })
      ledger.acknowledged(`last of ${queue.queueId}`)
    }
    await site.until(() => ledger.lost.length === 0, { what: 'the last of each queue' })
    const also = `it ends after ${(tookMs / 1000).toFixed(1)} s`
    tellFault(site, { row: 21, fault: 'SIGTERM under load', ledger, also })
  })
})
