import { type DriverSetup, type Measured, type Round, startStopwatch } from '../../drivers/rounds'
import { PULL_BATCH } from '../../scenarios'
import { type AliOns, type ConsumerOptions, clientOptions, close, tellErrors } from './library'

/**
 * Of one queue, in hand. It pulls before it listens, and a queue with more than it may hold, which by default is less than two
 * pulls of 256, rests for 5 s.
 */
const UNBOUND_PULLS = 40

/** Each round is a new group that begins with the first message. */
export async function openConsume(library: AliOns, setup: DriverSetup): Promise<Round> {
  let round = 0
  return async messages => {
    const consumer = new library.Consumer({
      ...clientOptions(setup.namesrvAddr),
      consumerGroup: `bench-${process.pid}-${round++}`,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      ...batchOptions(setup),
    })
    tellErrors(consumer)
    const measured = await new Promise<Measured>(resolve => {
      let stop: (() => Measured) | undefined
      let left = messages
      let errors = 0
      // It refuses listeners that are no async functions.
      consumer.subscribe(setup.topic, '*', async ({ reconsumeTimes }) => {
        stop ??= startStopwatch()
        if (reconsumeTimes > 0) errors++
        if (--left === 0) resolve({ ...stop(), errors })
      })
    })
    await close(consumer)
    return measured
  }
}

/** It knows no batches: messages that are handled at once are nearest to them. */
function batchOptions({ pullBatch, listenerBatch }: DriverSetup): Partial<ConsumerOptions> {
  if (pullBatch <= PULL_BATCH) return {}
  return {
    pullBatchSize: pullBatch,
    parallelConsumeLimit: listenerBatch,
    pullThresholdForQueue: UNBOUND_PULLS * pullBatch,
  }
}
