import { PushConsumer } from '../consumer/push/push-consumer'
import { Emulator } from '../emulator/emulator'
import { RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import { Producer } from '../producer/producer'
import { systemClock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { EXIT } from './exit-code'
import { QUICKSTART_SCRIPT } from './quickstart-script'
import { QUICKSTART_STEPS } from './quickstart-steps'
import { Screen } from './screen'
import { table } from './table'

interface Arrival {
  readonly message: MessageExt
  readonly afterMs: number
}

const TOPIC = 'Quickstart'
const GROUP = 'quickstart-readers'
const QUEUES = 4
const ALL_WITHIN_MS = 15_000
const BAR_WIDTH = 30
const EXPECTED = QUICKSTART_STEPS.reduce((sum, { messages }) => sum + messages, 0)
const NEXT_STEPS = `
Next: put the script into quickstart.ts of a project that has rocketwire installed, or try the emulator from two terminals:
  rocketwire emulator --port 9876 --topic Orders
  rocketwire consume Orders --namesrv 127.0.0.1:9876 --group readers --from first
  rocketwire produce Orders --namesrv 127.0.0.1:9876 --body hello`

/** Sends in every way, receives, and tells what happened; resolves with the exit code. */
export async function quickstart(): Promise<number> {
  const screen = new Screen({ stream: process.stdout, plainStatus: true })
  const beganAt = systemClock.monotonic()
  const seconds = (): string => `${((systemClock.monotonic() - beganAt) / 1000).toFixed(1)} s`
  // It listens on loopback, for these few seconds: NODE_ENV need not keep it from running.
  const emulator = await Emulator.start({ topics: { [TOPIC]: QUEUES }, allowProduction: true })
  screen.line(`Emulated RocketMQ: name server ${emulator.namesrvAddr}, broker ${emulator.brokers[0]?.address ?? ''}`)
  screen.line(`Topic ${TOPIC}: ${QUEUES} queues; a push consumer of group ${GROUP} waits for messages`)
  screen.line()
  let arrivals: readonly Arrival[]
  try {
    arrivals = await sendAndReceive(emulator.namesrvAddr, screen)
  } finally {
    screen.status('')
    await emulator.shutdown()
  }
  screen.line()
  screen.line(arrivalTable(arrivals))
  const committed = committedMessages(emulator)
  screen.line(
    `${EXPECTED} messages sent, ${arrivals.length} received, ${committed} acknowledged on the broker, in ${seconds()}.`,
  )
  screen.line()
  screen.line(`The same as a TypeScript program:\n\n${QUICKSTART_SCRIPT.trimEnd()}\n${NEXT_STEPS}`)
  screen.flush()
  return arrivals.length === EXPECTED && committed === EXPECTED ? EXIT.done : EXIT.failed
}

async function sendAndReceive(namesrvAddr: string, screen: Screen): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = []
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: GROUP })
  const producer = new Producer({ namesrvAddr, producerGroup: 'quickstart' })
  let sent = 0
  const show = (): void => screen.status(progress(sent, arrivals.length))
  try {
    const all = new Promise<void>(resolve => {
      consumer.subscribe(TOPIC).consumeEach(message => {
        arrivals.push({ message: message.copy(), afterMs: systemClock.now() - message.bornTimestamp })
        show()
        if (arrivals.length === EXPECTED) resolve()
      })
    })
    await consumer.start()
    await producer.start()
    for (const { messages, run } of QUICKSTART_STEPS) {
      await run(producer, TOPIC)
      sent += messages
      show()
    }
    await withDeadline(all, { clock: systemClock, timeoutMs: ALL_WITHIN_MS, onTimeout: () => missing(arrivals.length) })
  } finally {
    await consumer.shutdown()
    await producer.shutdown()
  }
  return arrivals
}

function progress(sent: number, received: number): string {
  const done = Math.round((received / EXPECTED) * BAR_WIDTH)
  return `[${'#'.repeat(done).padEnd(BAR_WIDTH, '.')}] ${sent} of ${EXPECTED} sent, ${received} received`
}

function missing(received: number): RocketMQError {
  const says = `only ${received} of ${EXPECTED} messages came within ${ALL_WITHIN_MS / 1000} s`
  return new RocketMQError('REQUEST_TIMEOUT', says, { topic: TOPIC, group: GROUP })
}

function arrivalTable(arrivals: readonly Arrival[]): string {
  const rows = arrivals.map(({ message, afterMs }) => {
    const says = QUICKSTART_STEPS.find(({ tag }) => tag === message.tags)?.says ?? ''
    return [says, message.tags ?? '', message.text(), message.queueId, message.queueOffset, afterMs]
  })
  return table(['Sent by', 'Tag', 'Body', 'Queue', 'Offset', 'After ms'], rows)
}

function committedMessages(emulator: Emulator): number {
  const offsets = Array.from(
    { length: QUEUES },
    (_, queueId) => emulator.consumerOffset(GROUP, TOPIC, { queueId }) ?? 0,
  )
  return offsets.reduce((sum, offset) => sum + offset, 0)
}
