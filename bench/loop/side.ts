import type { CompressionType } from '../../lib/model/sys-flag'
import { systemClock } from '../../lib/runtime/clock'
import { loadLibrary } from '../drivers/load-library'
import { runProgram } from '../drivers/program'
import { inFlight } from '../drivers/in-flight'
import { untilHandled } from '../drivers/until-handled'
import { type Blocks, BlockWatch } from './block-watch'
import { sampleBody } from './sample-body'

/** What the program is started with. */
export interface SideSetup {
  readonly namesrvAddr: string
  readonly topic: string
  readonly library: string
}

/** What it is asked for. */
export type SideOrder =
  | { readonly what: 'idle' }
  | { readonly what: 'send'; readonly type: CompressionType; readonly count: number }
  | { readonly what: 'consume'; readonly count: number }

const IDLE_MS = 3000

/** The client's side, in a process of its own: what blocks the event loop here is the client. */
runProgram<SideSetup, string, SideOrder, Blocks>(async setup => {
  const answer = async (order: SideOrder): Promise<Blocks> => {
    switch (order.what) {
      case 'idle':
        return watched(() => systemClock.sleep(IDLE_MS))
      case 'send':
        return send(setup, order)
      case 'consume':
        return consume(setup, order.count)
    }
  }
  return Promise.resolve({ told: 'ready', answer })
})

async function send({ namesrvAddr, topic, library }: SideSetup, { type, count }: SideOrder & { what: 'send' }) {
  const producer = new (loadLibrary(library).Producer)({
    namesrvAddr,
    producerGroup: `loop-${type}`,
    compressType: type,
    sendTimeoutMs: 30_000,
  })
  await producer.start()
  const body = sampleBody()
  // What is done for the first time is part of it: that is when a user would notice.
  const blocks = await watched(() => inFlight(count, 4, () => producer.send({ topic, body })))
  await producer.shutdown()
  return blocks
}

async function consume({ namesrvAddr, topic, library }: SideSetup, count: number): Promise<Blocks> {
  const consumer = new (loadLibrary(library).PushConsumer)({
    namesrvAddr,
    consumerGroup: `loop-${process.pid}`,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const done = untilHandled(consumer.subscribe(topic), count, (_, onMessages) => {
    consumer.consume(onMessages)
  })
  const blocks = await watched(async () => {
    await consumer.start()
    await done
  })
  await consumer.shutdown()
  return blocks
}

async function watched(work: () => Promise<unknown>): Promise<Blocks> {
  const watch = new BlockWatch()
  await work()
  return watch.stop()
}
