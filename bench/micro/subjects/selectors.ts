import type * as FaultsFile from '../../../lib/sending/broker-faults'
import type * as TurnsFile from '../../../lib/sending/queue-turns'
import type * as SelectorsFile from '../../../lib/sending/selectors'
import type { Measurable, MeasuredBuild, OpenCase, Subject } from '../micro-case'
import { BODY, queuesOn } from '../samples'

const CHOICES = 100
const MESSAGE = { topic: 'BenchTopic', body: BODY }
const KEYS = Array.from({ length: CHOICES }, (_, i) => `order-${i * 7919}`)

function selecting(pick: (files: typeof SelectorsFile) => SelectorsFile.MessageQueueSelector): OpenCase {
  return build => {
    const select = pick(build.load<typeof SelectorsFile>('sending/selectors'))
    const queues = queuesOn(4, 4)
    const run = (): unknown => {
      let chosen: unknown
      for (const key of KEYS) chosen = select(queues, MESSAGE, key)
      return chosen
    }
    return { ops: CHOICES, run }
  }
}

/** Takes queues in turn while the first `bad` of the brokers are avoided. */
function avoiding(build: MeasuredBuild, { brokers, bad }: { brokers: number; bad: number }): Measurable {
  const { BrokerFaults, LATENCY_TABLES } = build.load<typeof FaultsFile>('sending/broker-faults')
  const { QueueTurns } = build.load<typeof TurnsFile>('sending/queue-turns')
  const queues = queuesOn(brokers, 16)
  const faults = new BrokerFaults({ ...LATENCY_TABLES['5.x'], detector: undefined })
  const failure = { topic: 'BenchTopic', latencyMs: 3000, outcome: 'FAILED', now: 0 } as const
  for (let i = 0; i < bad; i++) faults.record((queues[i * 16] as (typeof queues)[0]).brokerName, failure)
  const turns = new QueueTurns()
  const view = { faults, hostOf: ({ brokerName }: { brokerName: string }) => brokerName, now: 1 }
  const run = (): unknown => {
    let chosen: unknown
    for (let i = 0; i < CHOICES; i++) chosen = turns.nextOfGood(queues, undefined, view)
    return chosen
  }
  return { ops: CHOICES, run }
}

/** The choice of a queue for a message. */
export const selectors: Subject = {
  'by hash of a text': selecting(({ selectByHash }) => selectByHash),
  'at random': selecting(({ selectByRandom }) => selectByRandom),
  'by machine room': selecting(({ selectByMachineRoom }) => selectByMachineRoom(['room-0'])),
  'in turn': build => {
    const { QueueTurns } = build.load<typeof TurnsFile>('sending/queue-turns')
    const turns = new QueueTurns()
    const queues = queuesOn(4, 4)
    return { run: () => turns.next(queues, 'BenchTopic', undefined) }
  },
  'in turn, by latency, 4 good brokers': build => avoiding(build, { brokers: 4, bad: 0 }),
  'in turn, by latency, 1 of 4 avoided': build => avoiding(build, { brokers: 4, bad: 1 }),
  'in turn, by latency, 99 of 100 avoided': build => avoiding(build, { brokers: 100, bad: 99 }),
  'note how quick a broker was': build => {
    const { BrokerFaults, LATENCY_TABLES } = build.load<typeof FaultsFile>('sending/broker-faults')
    const faults = new BrokerFaults({ ...LATENCY_TABLES['5.x'], detector: undefined })
    const answer = { topic: 'BenchTopic', latencyMs: 2, outcome: 'ANSWERED', now: 0 } as const
    return { run: () => faults.record('broker-a', answer) }
  },
}
