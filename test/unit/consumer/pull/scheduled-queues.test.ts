import { type PullTask, type PullTaskContext, ScheduledQueues } from '../../../../lib/consumer/pull/scheduled-queues'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { deferred } from '../../../support/fake-client'

const queue = (queueId: number, topic = 'T'): MessageQueue => ({ topic, brokerName: 'b', queueId })
const ids = (queues: readonly MessageQueue[]) => queues.map(({ topic, queueId }) => `${topic}${queueId}`)

function setup(task: PullTask | undefined) {
  const clock = new ManualClock()
  const errors: string[] = []
  const onTaskError = (error: Error, { queueId }: MessageQueue) => errors.push(`${error.message} on ${queueId}`)
  const queues = new ScheduledQueues({ clock, task: () => task, onTaskError })
  /** Gives it queues of topic T and has it work on them. */
  const give = async (...given: number[]) => {
    const change = await queues.assign(
      'T',
      given.map(id => queue(id)),
    )
    queues.startPulling(queues.queues)
    await clock.advance(0)
    return change
  }
  return { clock, errors, queues, give }
}

describe('scheduled queues', () => {
  it('have their task run on each of them, again 200 ms after its end', async () => {
    const runs: number[] = []
    const { clock, queues, give } = setup(({ queueId }) => void runs.push(queueId))
    expect(ids((await give(0, 1)).added)).toEqual(['T0', 'T1'])
    expect(runs).toEqual([0, 1])
    queues.startPulling(queues.queues)
    await clock.advance(199)
    expect(runs).toHaveLength(2)
    await clock.advance(1)
    expect(runs).toEqual([0, 1, 0, 1])
  })

  it('wait for the task, and then for as long as it says', async () => {
    const contexts: PullTaskContext[] = []
    const { promise, resolve } = deferred()
    const { clock, queues, give } = setup(async (_queue, context) => {
      contexts.push(context)
      context.nextDelayMs = 5000
      await promise
    })
    await give(0)
    await clock.advance(60_000)
    expect([contexts.length, queues.tasks]).toEqual([1, 1])
    resolve()
    await clock.advance(4999)
    expect([contexts.length, queues.tasks]).toEqual([1, 0])
    await clock.advance(1)
    expect(contexts.map(({ nextDelayMs }) => nextDelayMs)).toEqual([5000, 5000])
    expect(contexts[0]).not.toBe(contexts[1])
  })

  it.each<[string, PullTask, string]>([
    [
      'throws',
      () => {
        throw new Error('thrown')
      },
      'thrown on 0',
    ],
    ['rejects', () => Promise.reject(new Error('rejected')), 'rejected on 0'],
    [
      'sets a delay that is none',
      (_queue, context) => void (context.nextDelayMs = NaN),
      'nextDelayMs is NaN; it must be an integer from 0 to 2147483647 on 0',
    ],
  ])('run a task again after 1 s that %s', async (_title, task, says) => {
    const run = jest.fn(task)
    const { clock, errors, give } = setup(run)
    await give(0)
    expect(errors).toEqual([says])
    await clock.advance(999)
    expect(run).toHaveBeenCalledTimes(1)
    await clock.advance(1)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('stand still where there is no task any more', async () => {
    const { clock, errors, give } = setup(undefined)
    await give(0)
    await clock.advance(1000)
    expect(errors).toEqual([])
  })

  it('that are given away abort the signals of their tasks and run no more', async () => {
    const signals = new Map<string, AbortSignal>()
    const { clock, queues, give } = setup((given, { signal }) => void signals.set(ids([given]).join(), signal))
    await give(0, 1)
    await queues.assign('U', [queue(0, 'U')])
    const { added, removed, complete } = await give(1)
    expect([ids(added), ids(removed), complete]).toEqual([[], ['T0'], true])
    expect([signals.get('T0')?.aborted, signals.get('T1')?.aborted]).toEqual([true, false])
    expect(ids(queues.queues)).toEqual(['T1', 'U0'])
    signals.clear()
    await clock.advance(200)
    expect([...signals.keys()].sort()).toEqual(['T1', 'U0'])
  })

  it('are not taken again before the task of the time before has ended', async () => {
    const { promise, resolve } = deferred()
    let runs = 0
    const { clock, queues, give } = setup(() => (runs++ === 0 ? promise : undefined))
    await give(0)
    await give()
    expect(await give(0)).toMatchObject({ added: [], complete: false })
    expect([runs, queues.queues]).toEqual([1, []])
    resolve()
    await clock.advance(0)
    expect(await give(0)).toMatchObject({ complete: true })
    expect(runs).toBe(2)
  })

  it('that were never worked on are given away at once', async () => {
    const { queues } = setup(() => undefined)
    await queues.assign('T', [queue(0)])
    await queues.assign('T', [])
    expect(await queues.assign('T', [queue(0)])).toMatchObject({ complete: true })
  })

  it('end all together, when the last task has ended', async () => {
    const { promise, resolve } = deferred()
    const { clock, queues, give } = setup(() => promise)
    await give(0, 1)
    let stopped = false
    const stopping = queues.stop().then(() => (stopped = true))
    await clock.advance(10_000)
    expect([stopped, queues.queues]).toEqual([false, []])
    resolve()
    await stopping
    expect(queues.tasks).toBe(0)
  })
})
