import type { Assignment } from '../../../../lib/consumer/push/assignments'
import type { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import type { AssignmentChange } from '../../../../lib/consumer/rebalance/rebalanced-queues'
import { assignmentsSetup as setup, queue } from '../../../support/assignments-setup'

describe('a loop that has gone to pull no more for two minutes', () => {
  /** Queues of which the first hangs: its loop does not even end. */
  async function hanging() {
    const hung = { idleMs: 120_000 }
    const createPullLoop = ({ queue: { queueId } }: ProcessQueue): Assignment['pullLoop'] => ({
      start: () => undefined,
      stop: () => (queueId === 0 ? new Promise(() => undefined) : Promise.resolve()),
      maxOffset: 0,
      lastPulledAt: 0,
      doing: 'pulls',
      get idleMs() {
        return queueId === 0 ? hung.idleMs : 0
      },
    })
    const test = await setup({ createPullLoop })
    await test.assignments.assign('T', [queue(0), queue(1)])
    const round = async (): Promise<AssignmentChange> => {
      const change = test.assignments.assign('T', [queue(0), queue(1)])
      await test.client.clock.advance(5000)
      return change
    }
    return { ...test, hung, round }
  }
  const nothing = { added: [], removed: [], complete: true }

  it('is given up and its queue taken anew at the second look, the others are left alone', async () => {
    const { assignments, errors, hung, round } = await hanging()
    const before = assignments.all
    expect(await round()).toEqual(nothing)
    hung.idleMs++
    expect(await round()).toEqual({ ...nothing, complete: false })
    expect(errors).toEqual([])
    expect(await round()).toEqual({ added: [queue(0)], removed: [queue(0)], complete: true })
    expect(before[0]?.processQueue.dropped).toBe(true)
    expect(assignments.get(queue(0))).not.toBe(before[0])
    expect(assignments.get(queue(1))).toBe(before[1])
    const message = expect.stringMatching(/queue 0 of T on a for 120001 ms, the loop pulls/) as string
    expect(errors).toEqual([expect.objectContaining({ code: 'LOOP_STALLED', topic: 'T', brokerName: 'a', message })])
  })

  it('is let be where it goes on, as all do after a stop of the whole process', async () => {
    const { assignments, errors, hung, round } = await hanging()
    const before = assignments.get(queue(0))
    hung.idleMs = 900_000
    await round()
    hung.idleMs = 3
    expect(await round()).toEqual(nothing)
    hung.idleMs = 900_000
    await round()
    expect([assignments.get(queue(0)) === before, errors]).toEqual([true, []])
  })

  it('keeps a reset of its offset no longer than 5 s', async () => {
    const { assignments, client, commits } = await hanging()
    const resetting = assignments.reset(queue(0), 5)
    await client.clock.advance(5000)
    await resetting
    expect([commits(), assignments.queues]).toEqual([[[0, 5, true]], [queue(1)]])
  })
})
