import fc from '../../../support/property'
import { FILTERED, KeySchedule } from '../../../support/key-schedule'

type Step =
  | { kind: 'send'; queueId: number; keys: string }
  | { kind: 'pull'; queueId: number; max: number }
  | { kind: 'succeed'; pick: number }
  | { kind: 'fail'; pick: number; how: 'throw' | 'suspend' | number }
  | { kind: 'wait'; ms: number }
  | { kind: 'seal' | 'drop' | 'take' | 'lock' | 'unlock'; queueId: number }
  | { kind: 'burial'; how: 'accept' | 'refuse' | 'hang' }
  | { kind: 'buried'; pick: number; isAccepted: boolean }
  | { kind: 'places'; concurrency: number }
  | { kind: 'persist' | 'crash' }

const queueId = fc.nat(1)
const pick = fc.nat(30)
const keys = fc
  .array(fc.constantFrom('a', 'a', 'b', 'c', 'd', '-', FILTERED), { maxLength: 8 })
  .map(each => each.join(''))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), queueId, keys }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pull' as const), queueId, max: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('succeed' as const), pick }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      pick,
      how: fc.constantFrom('throw' as const, 'suspend' as const, 10, 500, 5000),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 500, 1000, 5000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('seal' as const, 'drop' as const, 'unlock' as const), queueId }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('take' as const, 'lock' as const), queueId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('burial' as const),
      how: fc.constantFrom('accept' as const, 'refuse' as const, 'hang' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('buried' as const), pick, isAccepted: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('places' as const), concurrency: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('persist' as const, 'crash' as const) }) },
)

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

async function play(schedule: KeySchedule, each: Step): Promise<void> {
  const { calls, burials, clock } = schedule
  switch (each.kind) {
    case 'send':
      return schedule.send(each.queueId, each.keys)
    case 'pull':
      return schedule.pull(each.queueId, each.max)
    case 'succeed':
      return schedule.succeed(each.pick % Math.max(1, calls.length))
    case 'fail':
      return schedule.fail(each.pick % Math.max(1, calls.length), each.how)
    case 'wait':
      return clock.advance(each.ms)
    case 'lock':
      schedule.locked.add(each.queueId)
      return
    case 'unlock':
      schedule.locked.delete(each.queueId)
      return
    case 'burial':
      schedule.burial = each.how
      return
    case 'buried':
      burials.splice(each.pick % Math.max(1, burials.length), 1)[0]?.end(each.isAccepted)
      return
    case 'places':
      return schedule.service.updateConcurrency(each.concurrency)
    case 'persist':
    case 'crash':
      return schedule[each.kind]()
    default:
      return schedule[each.kind](each.queueId)
  }
}

/** All is well again: what is left must come to an end. */
async function finish(schedule: KeySchedule): Promise<void> {
  schedule.burial = 'accept'
  for (const burial of schedule.burials.splice(0)) {
    burial.end(true)
    await settle()
  }
  for (const id of [0, 1]) {
    schedule.locked.add(id)
    if (!schedule.isOurs(id)) schedule.take(id)
    schedule.pull(id, 1000)
  }
  for (let idle = 0; idle < 2;) {
    await schedule.clock.advance(30_000)
    idle = schedule.calls.length === 0 ? idle + 1 : 0
    while (schedule.calls.length > 0) {
      schedule.succeed(0)
      await settle()
    }
  }
}

describe('order by key under any schedule of results, losses of queues and locks, refusals and crashes', () => {
  it('holds per key, commits nothing unfinished, loses nothing, and remembers only keys in hand', async () => {
    const seen = { calls: 0, deadLetters: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          batchSize: fc.constantFrom(1, 1, 3),
          maxReconsumeTimes: fc.nat(2),
          concurrency: fc.integer({ min: 1, max: 5 }),
        }),
        fc.array(step, { minLength: 20, maxLength: 90 }),
        async (options, steps) => {
          const schedule = new KeySchedule({ ...options, concurrency: 6 })
          schedule.service.updateConcurrency(options.concurrency)
          for (const id of [0, 1]) schedule.take(id)
          for (const each of steps) {
            await play(schedule, each)
            await settle()
            schedule.check()
            expect(schedule.breaches).toEqual([])
          }
          await finish(schedule)
          schedule.check()
          expect(schedule.breaches).toEqual([])
          expect(schedule.noted).toEqual(schedule.log.map(({ length }) => length))
          for (const [id, log] of schedule.log.entries()) {
            const wanted = Array.from(log.entries()).flatMap(([at, key]) => (key === FILTERED ? [] : at))
            expect(wanted.filter(at => schedule.done[id]?.has(at) !== true)).toEqual([])
          }
          expect([schedule.service.keys, schedule.service.running]).toEqual([0, 0])
          seen.calls += schedule.handed
          seen.deadLetters += schedule.buried
        },
      ),
      { numRuns: 150 },
    )
    // It has looked at something.
    expect(seen.calls).toBeGreaterThan(1000)
    expect(seen.deadLetters).toBeGreaterThan(10)
  }, 60_000)
})
