import type { PushConsumerOptions } from '../../../lib/index'
import { loadLibrary } from '../load-library'
import type { DriverSetup, Round } from '../rounds'
import { type Consume, untilHandled } from '../until-handled'

/** One listener call for each message, as many at a time as the client's default is, or one for `listenerBatch` of them. */
export async function openConsume(setup: DriverSetup): Promise<Round> {
  const { listenerBatch } = setup
  return rounds(setup, (consumer, onMessages) => {
    consumer.consume({ batchSize: listenerBatch }, onMessages)
  })
}

export async function openOrderly(setup: DriverSetup): Promise<Round> {
  return rounds(setup, (consumer, onMessages) => {
    consumer.consume({ ordered: 'queue' }, onMessages)
  })
}

export async function openKeyOrdered(setup: DriverSetup): Promise<Round> {
  return rounds(setup, (consumer, onMessages) => {
    consumer.consume({ ordered: 'key' }, onMessages)
  })
}

/** The broker is told that each new group pops. */
export async function openPop(setup: DriverSetup): Promise<Round> {
  const { AdminClient } = loadLibrary(setup.library)
  const admin = new AdminClient({ namesrvAddr: setup.namesrvAddr })
  await admin.start()
  return rounds(
    setup,
    (consumer, onMessages) => {
      consumer.consume(onMessages)
    },
    { clientRebalance: false },
    group => admin.setMessageRequestMode(setup.topic, group, 'POP'),
  )
}

/** Each round is a new group that begins with the first message. */
function rounds(
  setup: DriverSetup,
  consume: Consume,
  options: Partial<PushConsumerOptions> = {},
  prepare: (group: string) => Promise<void> = async () => undefined,
): Round {
  const { PushConsumer } = loadLibrary(setup.library)
  let round = 0
  return async messages => {
    const consumerGroup = `bench-${process.pid}-${round++}`
    await prepare(consumerGroup)
    const consumer = new PushConsumer({
      namesrvAddr: setup.namesrvAddr,
      consumerGroup,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      ...pullOptions(setup),
      ...options,
    })
    consumer.subscribe(setup.topic)
    const done = untilHandled(consumer, messages, consume)
    await consumer.start()
    const measured = await done
    await consumer.shutdown()
    return measured
  }
}

/** What differs from the defaults, in scenarios that pull more at a time. */
function pullOptions({ pullBatch, bodyBytes }: DriverSetup): Partial<PushConsumerOptions> {
  return pullBatch <= 32 ? {} : { pullBatchSize: pullBatch, pullBatchSizeInBytes: 2 * pullBatch * bodyBytes }
}
