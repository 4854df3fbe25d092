import { PopAssignments } from '../../../../lib/consumer/pop/pop-assignments'
import type { Popped } from '../../../../lib/consumer/pop/pop-requests'
import type { RocketMQError } from '../../../../lib/errors'
import { Gate } from '../../../../lib/runtime/gate'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { FakeClient } from '../../../support/fake-client'
import { PLACE, popped } from '../../../support/pop-setup'

const NOTHING: Popped = { messages: [], unwanted: [], damage: undefined }
const onA = PLACE.queue
const onB = { ...onA, brokerName: 'b' }

function setup() {
  const client = new FakeClient()
  const released: StoredMessage[] = []
  const errors: RocketMQError[] = []
  const pops: string[] = []
  const site = { pop: async (): Promise<Popped> => NOTHING }
  const assignments = new PopAssignments({
    loop: {
      client: client.asClient,
      requests: {
        pop: ({ queue }) => {
          pops.push(queue.brokerName)
          return site.pop()
        },
        hasMessages: () => new Promise(() => undefined),
      },
      subscription: () => PLACE.subscription,
      wish: { order: false, maxNums: 32, invisibleMs: 60_000, fromFirst: false },
      intervalMs: 0,
      service: { submit: () => undefined },
      settlement: { unwanted: () => undefined, release: messages => void released.push(...messages) },
      filter: undefined,
      rates: () => ({ pulled: () => undefined }),
      onBackgroundError: error => void errors.push(error),
    },
    threshold: 96,
    gates: [new Gate()],
  })
  return { client, assignments, released, errors, pops, site }
}

describe('places that are popped', () => {
  it('are taken and given back', async () => {
    const { client, assignments, pops } = setup()
    expect(await assignments.assign('Orders', [onA, onB])).toEqual({ added: [onA, onB], removed: [], complete: true })
    expect([assignments.queues, pops]).toEqual([[onA, onB], []])
    assignments.startPulling([onA, onB, { ...onA, topic: 'Other' }])
    await client.settle()
    expect(pops).toEqual(['a', 'b'])
    expect(await assignments.assign('Other', [])).toMatchObject({ removed: [] })
    expect(await assignments.assign('Orders', [onB])).toEqual({ added: [], removed: [onA], complete: true })
    expect([assignments.get(onA), assignments.queues]).toEqual([undefined, [onB]])
    await assignments.stop()
  })

  it('leave what no listener has begun with to others, and the rest to its listeners', async () => {
    const { assignments, released } = setup()
    await assignments.assign('Orders', [onA])
    const queue = assignments.get(onA)?.processQueue
    queue?.put([popped({ queueOffset: 1 }), popped({ queueOffset: 2 })])
    const running = queue?.take(1, 1) ?? []
    await assignments.assign('Orders', [])
    expect(released.map(({ queueOffset }) => queueOffset)).toEqual([2])
    expect([queue?.signal.aborted, assignments.inHand]).toEqual([true, [queue]])
    queue?.finish(running)
    expect(assignments.inHand).toEqual([])
  })

  it('are taken anew where a loop hangs', async () => {
    const { client, assignments, site, errors, pops } = setup()
    await assignments.assign('Orders', [onA])
    site.pop = () => new Promise(() => undefined)
    assignments.startPulling([onA])
    const before = assignments.get(onA)
    await client.clock.advance(120_001)
    client.watchdog.look()
    client.watchdog.look()
    await client.settle()
    expect([assignments.get(onA) === before, pops]).toEqual([false, ['a', 'a']])
    expect(errors).toMatchObject([{ code: 'LOOP_STALLED' }])
  })

  it('give others what is in hand when all ends, while listeners go on', async () => {
    const { client, assignments, released } = setup()
    await assignments.assign('Orders', [onA])
    assignments.startPulling([onA])
    await client.settle()
    const queue = assignments.get(onA)?.processQueue
    queue?.put([popped()])
    await assignments.stop()
    expect([released.length, queue?.signal.aborted]).toEqual([1, false])
  })
})
