import { tracingChannel } from 'node:diagnostics_channel'
import {
  type DiagnosticsChannel,
  type DiagnosticsEvents,
  type TransactionListener,
  onDiagnostics,
} from '../../lib/index'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

/** Notes the moments of a channel as text, for as long as the test runs. */
function heard<C extends DiagnosticsChannel>(
  site: Site,
  channel: C,
  text: (event: DiagnosticsEvents[C]) => string,
): string[] {
  const notes: string[] = []
  const note = (moment: string) => (event: DiagnosticsEvents[C]) => {
    notes.push(`${moment} ${text(event)}`)
    site.changes.notify()
  }
  const stop = onDiagnostics(channel, { start: note('start'), error: note('error'), asyncEnd: note('asyncEnd') })
  site.onEnd(async () => stop())
  return notes
}

describeScenario('the tracing channels', cluster => {
  cluster.it(
    'tell of sends in every form: of one, of a batch, with a callback, oneway, and of one that fails',
    async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      const notes = heard(site, 'send', ({ mode, message, result, error }) => {
        const count = Array.isArray(message) ? message.length : 1
        return [mode, count, result?.sendStatus, (error as { code?: string } | undefined)?.code]
          .filter(Boolean)
          .join(' ')
      })
      await producer.send({ topic, body: 'one' })
      await producer.send(['two', 'three'].map(body => ({ topic, body })))
      await new Promise<void>(resolve => producer.sendAsync({ topic, body: 'four' }, () => resolve()))
      await producer.sendOneway({ topic, body: 'five' })
      await expect(producer.send({ topic, body: '' })).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
      expect(notes).toEqual([
        ...['start SYNC 1', 'asyncEnd SYNC 1 SEND_OK'],
        ...['start SYNC 2', 'asyncEnd SYNC 2 SEND_OK'],
        ...['start ASYNC 1', 'asyncEnd ASYNC 1 SEND_OK'],
        ...['start ONEWAY 1', 'asyncEnd ONEWAY 1'],
        ...['start SYNC 1', 'error SYNC 1 INVALID_MESSAGE', 'asyncEnd SYNC 1 INVALID_MESSAGE'],
      ])
    },
  )

  cluster.it('let subscribers add properties to what is sent, and are those of Node', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox, consumer }] = await Promise.all([site.producer(), site.reader(topic)])
    const stop = onDiagnostics('send', {
      start: event => {
        if (!Array.isArray(event.message)) event.message = { ...event.message, properties: { added: 'yes' } }
      },
    })
    site.onEnd(async () => stop())
    const processed: unknown[] = []
    const channel = tracingChannel('rocketwire:process').asyncEnd
    const note = (event: unknown): void => {
      processed.push(event)
      site.changes.notify()
    }
    channel.subscribe(note)
    site.onEnd(async () => void channel.unsubscribe(note))
    const { messageQueue } = await producer.send({ topic, body: 'm' })
    const [message] = await inbox.first(1)
    expect(message?.properties['added']).toBe('yes')
    await site.until(() => processed.length === 1, { what: 'the end of the listener' })
    const { consumerGroup: group, clientId } = consumer
    const messageModel = 'CLUSTERING'
    const own = { operation: 'process', ordered: 'none', messageModel, messageQueue, result: 'CONSUME_SUCCESS' }
    expect(processed[0]).toMatchObject({ group, clientId, ...own })
    const { brokerAddress } = processed[0] as DiagnosticsEvents['process']
    expect(brokerAddress(messageQueue.brokerName)).toMatch(/:\d+$/)
    expect(brokerAddress('nobody')).toBeUndefined()
  })

  cluster.it('tell of listeners that fail', async site => {
    const topic = await site.freshTopic(1)
    const notes = heard(site, 'process', ({ messages, error }) => `${messages[0]?.text()} ${String(error ?? 'well')}`)
    await site.consumer(topic, {}, () => {
      throw new Error('not today')
    })
    await (await site.producer()).send({ topic, body: 'm' })
    await site.until(() => notes.length >= 3, { what: 'a failure' })
    const failed = 'm Error: not today'
    expect(notes.slice(0, 3)).toEqual(['start m well', `error ${failed}`, `asyncEnd ${failed}`])
  })

  cluster.it('tell of polls and commits, of pulls and messages that are sent back', async site => {
    const topic = await site.freshTopic(1)
    await (await site.producer()).send({ topic, body: 'm' })
    await site.stored(topic, 1)
    const received = heard(site, 'receive', ({ operation, messages }) => `${operation} ${messages.length}`)
    const settled = heard(site, 'settle', ({ operation, messages, messageQueues }) =>
      [operation, messages.length, messageQueues.length].join(' '),
    )
    const lite = await site.litePullConsumer(topic, { autoCommit: false })
    expect(await lite.poll({ timeoutMs: 20_000 })).toHaveLength(1)
    await lite.commit()
    const pull = await site.pullConsumer()
    const [queue] = await pull.fetchMessageQueues(topic)
    if (queue === undefined) throw new Error('the topic has no queue')
    const { messages } = await pull.pull(queue, { offset: 0 })
    if (messages[0] !== undefined) await pull.sendMessageBack(messages[0])
    expect(received).toEqual(['start poll 0', 'asyncEnd poll 1', 'start pull 0', 'asyncEnd pull 1'])
    expect(settled).toEqual([
      ...['start commit 0 1', 'asyncEnd commit 0 1'],
      ...['start sendMessageBack 1 0', 'asyncEnd sendMessageBack 1 0'],
    ])
  })

  cluster.it('tell of what push consumers send back and commit, and of the ends of transactions', async site => {
    const topic = await site.freshTopic(1)
    const settled = heard(site, 'settle', ({ operation, group, messages, messageQueues, transaction }) =>
      [operation, group, messages.length, messageQueues.length, transaction?.state].filter(Boolean).join(' '),
    )
    const ended = (note: string) => () => settled.some(each => each.startsWith(`asyncEnd ${note}`))
    const consumer = await site.consumer(topic, {}, () => 'RECONSUME_LATER')
    const transactionListener: TransactionListener = {
      executeLocalTransaction: () => 'COMMIT_MESSAGE',
      checkLocalTransaction: () => 'UNKNOW',
    }
    const producer = await site.transactionProducer({ transactionListener })
    await producer.sendInTransaction({ topic, body: 'm' })
    const told = `endTransaction ${producer.producerGroup} COMMIT_MESSAGE`
    expect(settled.filter(each => each.includes(producer.producerGroup))).toEqual([`start ${told}`, `asyncEnd ${told}`])
    await site.until(ended(`sendMessageBack ${consumer.consumerGroup} 1`), { what: 'the way back' })
    await consumer.shutdown()
    // Of its retry topic, too.
    await site.until(ended(`commit ${consumer.consumerGroup} `), { what: 'a commit' })
  })

  cluster.it('tell of requests and their replies', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    await site.consumer(topic, {}, async request => void (await producer.reply(request, 'pong')))
    const notes = heard(site, 'request', ({ message, result }) => `${message.body} ${result?.text()}`)
    await producer.request({ topic, body: 'ping' }, { timeoutMs: 20_000 })
    expect(notes).toEqual(['start ping undefined', 'asyncEnd ping pong'])
  })

  if (cluster.version === '4.9') {
    cluster.skip('tell of what is popped and acknowledged', 'brokers before 5.0 do not know POP')
    return
  }
  cluster.it('tell of what is popped and acknowledged', async site => {
    const topic = await site.freshTopic(1)
    await (await site.producer()).send({ topic, body: 'm' })
    const consumer = await site.simpleConsumer(topic)
    const received = heard(site, 'receive', ({ operation, messages }) => `${operation} ${messages.length}`)
    const settled = heard(site, 'settle', ({ operation, messages }) => `${operation} ${messages.length}`)
    const messages = await consumer.receive({ awaitDurationMs: 20_000 })
    await consumer.changeInvisibleDuration(messages[0] as never, 30_000)
    await consumer.ack(messages)
    expect(received).toEqual(['start receive 0', 'asyncEnd receive 1'])
    expect(settled).toEqual([
      ...['start changeInvisibleDuration 1', 'asyncEnd changeInvisibleDuration 1'],
      ...['start ack 1', 'asyncEnd ack 1'],
    ])
  })
})
