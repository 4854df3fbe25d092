import { Producer, PushConsumer, shutdownOnSignals } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'

/**
 * A program that sends and consumes until it is told to end: `NAMESRV TOPIC GROUP`. It prints a line for each body: `sent`
 * before, `acked` after its send, `handled` at the end of the listener.
 */
async function main([namesrvAddr = '', topic = '', group = '']: readonly string[]): Promise<void> {
  const say = (line: string): boolean => process.stdout.write(`${line}\n`)
  const options = { namesrvAddr, consumerGroup: group, consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' } as const
  const consumer = new PushConsumer(options)
  consumer.subscribe(topic).consumeEach({ concurrency: 4 }, async message => {
    await systemClock.sleep(5)
    say(`handled ${message.text()}`)
  })
  const producer = new Producer({ namesrvAddr, producerGroup: `${group}-producers` })
  shutdownOnSignals([consumer, producer], { timeoutMs: 10_000 })
  await Promise.all([consumer.start(), producer.start()])
  for (let number = 0; producer.isRunning; number++) {
    const body = `message ${number}`
    say(`sent ${body}`)
    // What is begun after the shutdown is refused and was never sent.
    void producer.send({ topic, body }).then(
      () => say(`acked ${body}`),
      () => undefined,
    )
    await systemClock.sleep(2)
  }
}

void main(process.argv.slice(2))
