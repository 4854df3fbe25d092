import fc from '../../../support/property'
import { ProcessQueue, type ProcessQueueEntry } from '../../../../lib/consumer/push/process-queue'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { storedMessage } from '../../../support/records'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const FIRST = 10
const LIMITS = { maxMessages: 12, maxBytes: 150, maxSpan: 20 }

type Put = { kind: 'put'; gaps: number[]; filtered: number }
type Take = { kind: 'take'; max: number }
type OfEntries = { kind: 'finish' | 'giveBack' | 'returning' | 'resume'; picks: number[] }
type OfQueue = { kind: 'seal' | 'drop' | 'takeCommit' }
type Step = Put | Take | OfEntries | OfQueue

const puts: fc.Arbitrary<Put> = fc.record({
  kind: fc.constant('put' as const),
  gaps: fc.array(fc.nat(3), { maxLength: 8 }),
  filtered: fc.nat(3),
})
const takes: fc.Arbitrary<Take> = fc.record({ kind: fc.constant('take' as const), max: fc.integer({ min: 1, max: 5 }) })
const ofEntries: fc.Arbitrary<OfEntries> = fc.record({
  kind: fc.constantFrom('finish' as const, 'giveBack' as const, 'returning' as const, 'resume' as const),
  picks: fc.array(fc.nat(), { maxLength: 6 }),
})
const ofQueue: fc.Arbitrary<OfQueue> = fc.record({
  kind: fc.constantFrom('seal' as const, 'drop' as const, 'takeCommit' as const),
})
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    { weight: 5, arbitrary: puts },
    { weight: 6, arbitrary: takes },
    { weight: 10, arbitrary: ofEntries },
    { weight: 1, arbitrary: ofQueue },
  ),
  { maxLength: 80 },
)

function message(queueOffset: number, bytes: number): StoredMessage {
  return storedMessage({ queueOffset, body: Buffer.alloc(bytes, 'x') })
}

/** The same in the plainest way: every entry ever put, in the order of offsets. */
class Model {
  readonly entries: { readonly offset: number; readonly bytes: number; state: string }[] = []
  next = FIRST
  lastOffset = 0
  sealed = false
  dropped = false

  get inHand() {
    return this.entries.filter(({ state }) => state !== 'done')
  }

  get commit(): number {
    return this.inHand[0]?.offset ?? this.next
  }

  count(...states: string[]): number {
    return this.entries.filter(({ state }) => states.includes(state)).length
  }

  of(offset: number) {
    return this.entries.find(entry => entry.offset === offset) as { state: string }
  }

  move(entries: readonly ProcessQueueEntry[], from: string[], to: string): void {
    for (const { offset } of entries) if (from.includes(this.of(offset).state)) this.of(offset).state = to
  }

  put(messages: readonly StoredMessage[], next: number): void {
    if (this.sealed) return
    for (const { queueOffset, bodyLength } of messages)
      this.entries.push({ offset: queueOffset, bytes: bodyLength, state: 'held' })
    this.lastOffset = messages.at(-1)?.queueOffset ?? this.lastOffset
    this.next = next
  }
}

/** Does each step with a process queue and with the model, and compares them. */
class Comparison {
  readonly model = new Model()
  committed = FIRST
  readonly #queue = new ProcessQueue(QUEUE, FIRST, LIMITS)
  readonly #touched: ProcessQueueEntry[] = []

  do(step: Step): void {
    if (step.kind === 'put') this.#put(step)
    else if (step.kind === 'take') this.#take(step)
    else if ('picks' in step) this.#withEntries(step.kind, this.#picked(step.picks))
    else this.#withQueue(step.kind)
    this.#compare()
  }

  #put({ gaps, filtered }: Put): void {
    const messages = gaps.map((gap, i) => {
      const offset: number = this.model.next + gaps.slice(0, i + 1).reduce((sum, one) => sum + one + 1, -1)
      return message(offset, gap + 1)
    })
    const next = Math.max(this.model.next, ...messages.map(({ queueOffset }) => queueOffset + 1)) + filtered
    this.#queue.put(messages, next)
    this.model.put(messages, next)
  }

  #take({ max }: Take): void {
    const expected = this.model.sealed ? 0 : Math.min(max, this.model.count('held'))
    const taken = this.#queue.take(max, 0)
    expect(taken).toHaveLength(expected)
    for (const { offset } of taken) expect(this.model.of(offset).state).toBe('held')
    this.model.move(taken, ['held'], 'running')
    this.#touched.push(...taken)
  }

  #withEntries(kind: OfEntries['kind'], entries: readonly ProcessQueueEntry[]): void {
    switch (kind) {
      case 'finish':
        this.model.move(entries, ['running', 'returning'], 'done')
        this.#commits(this.#queue.finish(entries))
        break
      case 'giveBack':
        this.#queue.giveBack(entries)
        this.model.move(entries, ['running', 'returning'], 'held')
        break
      case 'returning': {
        const distinct = [...new Set(entries)]
        const expected = distinct.filter(({ offset }) => this.model.of(offset).state === 'running')
        expect(this.#queue.returning(distinct)).toEqual(expected)
        this.model.move(distinct, ['running'], 'returning')
        break
      }
      case 'resume':
        this.#queue.resume(entries, 0)
        this.model.move(entries, ['returning'], 'running')
    }
  }

  #withQueue(kind: OfQueue['kind']): void {
    if (kind === 'takeCommit') {
      this.#commits(this.#queue.takeCommit())
      return
    }
    this.#queue[kind]()
    this.model.sealed = true
    this.model.dropped ||= kind === 'drop'
  }

  #picked(indexes: number[]): ProcessQueueEntry[] {
    const { length } = this.#touched
    return length === 0 ? [] : indexes.map(index => this.#touched[index % length] as ProcessQueueEntry)
  }

  #commits(offset: number | undefined): void {
    if (offset === undefined) return
    expect(this.model.dropped).toBe(false)
    expect(offset).toBeGreaterThan(this.committed)
    expect(offset).toBe(this.model.commit)
    this.committed = offset
  }

  #compare(): void {
    const { inHand, commit, sealed, lastOffset } = this.model
    const bytes = inHand.reduce((sum, entry) => sum + entry.bytes, 0)
    const span = inHand.length === 0 ? 0 : lastOffset - commit
    const { commitOffset, count, held, running, hasRoom } = this.#queue
    expect(commitOffset).toBe(commit)
    expect([count, this.#queue.bytes]).toEqual([inHand.length, bytes])
    expect([held, running]).toEqual([sealed ? 0 : this.model.count('held'), this.model.count('running', 'returning')])
    expect(hasRoom).toBe(inHand.length <= LIMITS.maxMessages && bytes <= LIMITS.maxBytes && span <= LIMITS.maxSpan)
    const linked = this.#queue.heads(Infinity)
    const shown = ({ offset, state }: { offset: number; state: string }): string => `${offset} ${state}`
    expect(linked.map(shown)).toEqual(inHand.map(shown))
    linked.forEach((entry, i) => expect(entry.previous).toBe(linked[i - 1]))
  }
}

describe('a process queue under any schedule', () => {
  it('agrees with the plainest model: commit, counts, bytes, room, order and links', () => {
    const property = fc.property(steps, given => {
      const comparison = new Comparison()
      for (const step of given) comparison.do(step)
      expect(comparison.committed).toBeLessThanOrEqual(comparison.model.commit)
    })
    fc.assert(property, { numRuns: 300 })
  })
})
