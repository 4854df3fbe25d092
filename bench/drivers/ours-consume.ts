import { loadLibrary } from './load-library'
import { type DriverSetup, type Measured, type Round, serveRounds, startStopwatch } from './rounds'

/** `PushConsumer` with default options, each round as a new group from the first message on. */
async function open({ namesrvAddr, topic, library }: DriverSetup): Promise<Round> {
  const { PushConsumer } = loadLibrary(library)
  let group = 0
  return async messages => {
    const consumer = new PushConsumer({
      namesrvAddr,
      consumerGroup: `bench-${process.pid}-${group++}`,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    })
    consumer.subscribe(topic)
    let left = messages
    let stop: (() => Measured) | undefined
    const done = new Promise<Measured>((resolve, reject) => {
      consumer.on('backgroundError', reject)
      consumer.consume(received => {
        stop ??= startStopwatch()
        left -= received.length
        if (left === 0) resolve(stop())
      })
    })
    await consumer.start()
    const measured = await done
    await consumer.shutdown()
    return measured
  }
}

serveRounds(open)
