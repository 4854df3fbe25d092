import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { finish, queue as ofConsumption, started } from '../../../support/consumption-setup'
import type { AssignmentChange } from '../../../../lib/consumer/rebalance/rebalanced-queues'
import type { Assignment } from '../../../../lib/consumer/push/assignments'
import type { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { assignmentsSetup as setup, queue } from '../../../support/assignments-setup'

describe('a queue whose loop hangs', () => {
  /** Queues of which the loop of the first does not even end. */
  async function hanging() {
    const createPullLoop = ({ queue: { queueId } }: ProcessQueue): Assignment['pullLoop'] => ({
      start: () => undefined,
      stop: () => (queueId === 0 ? new Promise(() => undefined) : Promise.resolve()),
      maxOffset: 0,
      lastPulledAt: 0,
      doing: 'pulls',
      idleMs: 0,
    })
    const test = await setup({ createPullLoop })
    await test.assignments.assign('T', [queue(0), queue(1)])
    const round = async (): Promise<AssignmentChange> => {
      const change = test.assignments.assign('T', [queue(0), queue(1)])
      await test.client.clock.advance(5000)
      return change
    }
    return { ...test, round }
  }

  it('is given up and taken anew in the next round, the others are left alone', async () => {
    const { assignments, round } = await hanging()
    const [first, second] = assignments.all
    assignments.stalled(first?.processQueue as ProcessQueue)
    expect(await round()).toEqual({ added: [queue(0)], removed: [queue(0)], complete: true })
    expect(first?.processQueue.dropped).toBe(true)
    expect(assignments.get(queue(0))).not.toBe(first)
    expect(assignments.get(queue(1))).toBe(second)
    expect(await round()).toEqual({ added: [], removed: [], complete: true })
  })

  it('keeps a reset of its offset no longer than 5 s', async () => {
    const { assignments, client, commits } = await hanging()
    const resetting = assignments.reset(queue(0), 5)
    await client.clock.advance(5000)
    await resetting
    expect([commits(), assignments.queues]).toEqual([[[0, 5, true]], [queue(1)]])
  })
})

describe('a queue that two rounds take, as the first was given up', () => {
  it('is the one of the round that came first with its offset', async () => {
    const waits: ((offset: number) => void)[] = []
    const startOffset = (): Promise<number> => new Promise(resolve => waits.push(resolve))
    const { assignments, client } = await setup({ startOffset })
    const [givenUp, next] = [assignments.assign('T', [queue(0)]), assignments.assign('T', [queue(0)])]
    await client.settle()
    waits[1]?.(20)
    expect(await next).toMatchObject({ added: [queue(0)] })
    const taken = assignments.get(queue(0))
    waits[0]?.(10)
    expect(await givenUp).toMatchObject({ added: [] })
    expect(assignments.get(queue(0))).toBe(taken)
    expect(taken?.processQueue.commitOffset).toBe(20)
  })
})

describe('a consumption one of whose pulls is never answered', () => {
  it('tells of the loop after two minutes, and takes the queue anew', async () => {
    const test = await started()
    const { client, consumption, errors, events } = test
    // As of a connection that forgets its deadlines.
    const invoke = client.remoting.invoke.bind(client.remoting)
    Object.assign(client.remoting, {
      invoke: (...args: Parameters<typeof invoke>) =>
        client.clock.monotonic() < 100_000 && args[1] === PULL_MESSAGE ? new Promise(() => undefined) : invoke(...args),
    })
    const before = consumption.assignments.get(ofConsumption(1))
    await client.clock.advance(200_000)
    expect(errors).toContainEqual(
      expect.objectContaining({
        code: 'LOOP_STALLED',
        topic: 'T',
        message: expect.stringMatching(/the pull loop of queue 1 of T on a has made no progress .* it pulls/),
      }),
    )
    await client.clock.advance(10_000)
    expect(consumption.assignments.get(ofConsumption(1))).not.toBe(before)
    expect(events).toContain('revoked 0,1')
    await finish(test)
  })
})
