// The lines of a stream as messages: no more of it is read than brokers take, and what became of each is told.
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type Message, Producer, type SendAllProgress } from 'rocketwire'
import { runExample } from './support/run-example'

const TOO_LONG = 200

runExample(async ({ namesrvAddr, topic, group }) => {
  // No more than 2000 messages a second, by single sends and by sendAll together.
  const producer = new Producer({
    namesrvAddr,
    producerGroup: group,
    maxMessageSize: TOO_LONG,
    rateLimit: { perSecond: 2000 },
  })
  await producer.start()

  // Any stream, such as a file's.
  const input = Readable.from(Array.from({ length: 500 }, (_, n) => `line ${n}\n`))
  async function* lines(): AsyncGenerator<Message> {
    for await (const body of createInterface({ input })) yield { topic, body }
    yield { topic, body: 'x'.repeat(TOO_LONG + 1) }
  }

  let progress: SendAllProgress = { sent: 0, failed: 0 }
  for await (const { error } of producer.sendAll(lines(), { concurrency: 16, onProgress: each => (progress = each) }))
    if (error !== undefined) console.log(`not sent: ${'code' in error ? String(error.code) : error.message}`)
  console.log(`${progress.sent} sent, ${progress.failed} failed`)
  await producer.shutdown()
})
