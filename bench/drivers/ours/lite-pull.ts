import { loadLibrary } from '../load-library'
import { type DriverSetup, type Measured, type Round, startStopwatch } from '../rounds'

/** `LitePullConsumer`, batch by batch, which commits by itself; each round is a new group. */
export async function openLitePull({ namesrvAddr, topic, library }: DriverSetup): Promise<Round> {
  const { LitePullConsumer } = loadLibrary(library)
  let round = 0
  return async messages => {
    const consumer = new LitePullConsumer({
      namesrvAddr,
      consumerGroup: `bench-${process.pid}-${round++}`,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    })
    consumer.subscribe(topic)
    await consumer.start()
    let stop: (() => Measured) | undefined
    let left = messages
    while (left > 0) {
      const batch = await consumer.poll({ timeoutMs: 30_000 })
      if (batch.length === 0) throw new Error(`${left} messages never came`)
      stop ??= startStopwatch()
      left -= batch.length
    }
    const measured = stop?.() as Measured
    await consumer.shutdown()
    return measured
  }
}
