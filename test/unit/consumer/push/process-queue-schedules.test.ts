import fc from '../../../support/property'
import { ProcessQueue, type ProcessQueueEntry } from '../../../../lib/consumer/push/process-queue'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { storedMessage } from '../../../support/records'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }

function message(queueOffset: number, bytes: number): StoredMessage {
  return storedMessage({ queueOffset, body: Buffer.alloc(bytes, 'x') })
}

describe('a process queue under any schedule', () => {
  type Step =
    | { kind: 'put'; gaps: number[]; filtered: number }
    | { kind: 'take'; max: number }
    | { kind: 'finish' | 'giveBack' | 'returning' | 'resume'; picks: number[] }
    | { kind: 'seal' | 'drop' | 'takeCommit' }

  const picks = fc.array(fc.nat(), { maxLength: 6 })
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        gaps: fc.array(fc.nat(3), { maxLength: 8 }),
        filtered: fc.nat(3),
      }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('take' as const), max: fc.integer({ min: 1, max: 5 }) }) },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constantFrom('finish' as const, 'giveBack' as const, 'returning' as const, 'resume' as const),
        picks,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('seal' as const, 'drop' as const, 'takeCommit' as const) }),
    },
  )

  /** The same in the plainest way: every entry ever put, in the order of offsets. */
  class Model {
    readonly entries: { readonly offset: number; readonly bytes: number; state: string }[] = []
    next = 10
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
  }

  it('agrees with the plainest model: commit, counts, bytes, room, order and links', () => {
    const limits = { maxMessages: 12, maxBytes: 150, maxSpan: 20 }
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const queue = new ProcessQueue(QUEUE, 10, limits)
        const model = new Model()
        const touched: ProcessQueueEntry[] = []
        let committed = 10
        const onCommit = (offset: number | undefined): void => {
          if (offset === undefined) return
          expect(model.dropped).toBe(false)
          expect(offset).toBeGreaterThan(committed)
          expect(offset).toBe(model.commit)
          committed = offset
        }
        const picked = (indexes: number[]): ProcessQueueEntry[] =>
          touched.length === 0 ? [] : indexes.map(index => touched[index % touched.length] as ProcessQueueEntry)
        const move = (entries: readonly ProcessQueueEntry[], from: string[], to: string): void => {
          for (const { offset } of entries) if (from.includes(model.of(offset).state)) model.of(offset).state = to
        }
        for (const each of steps) {
          switch (each.kind) {
            case 'put': {
              const messages = each.gaps.map((gap, i) => {
                const offset: number = model.next + each.gaps.slice(0, i + 1).reduce((sum, one) => sum + one + 1, -1)
                return message(offset, gap + 1)
              })
              const next = Math.max(model.next, ...messages.map(({ queueOffset }) => queueOffset + 1)) + each.filtered
              queue.put(messages, next)
              if (model.sealed) break
              for (const { queueOffset, bodyLength } of messages)
                model.entries.push({ offset: queueOffset, bytes: bodyLength, state: 'held' })
              model.lastOffset = messages.at(-1)?.queueOffset ?? model.lastOffset
              model.next = next
              break
            }
            case 'take': {
              const expected = model.sealed ? 0 : Math.min(each.max, model.count('held'))
              const taken = queue.take(each.max, 0)
              expect(taken).toHaveLength(expected)
              for (const { offset } of taken) expect(model.of(offset).state).toBe('held')
              move(taken, ['held'], 'running')
              touched.push(...taken)
              break
            }
            case 'finish': {
              const entries = picked(each.picks)
              move(entries, ['running', 'returning'], 'done')
              onCommit(queue.finish(entries))
              break
            }
            case 'giveBack':
              queue.giveBack(picked(each.picks))
              move(picked(each.picks), ['running', 'returning'], 'held')
              break
            case 'returning': {
              const entries = [...new Set(picked(each.picks))]
              const expected = entries.filter(({ offset }) => model.of(offset).state === 'running')
              expect(queue.returning(entries)).toEqual(expected)
              move(entries, ['running'], 'returning')
              break
            }
            case 'resume':
              queue.resume(picked(each.picks), 0)
              move(picked(each.picks), ['returning'], 'running')
              break
            case 'takeCommit':
              onCommit(queue.takeCommit())
              break
            default:
              queue[each.kind]()
              model.sealed = true
              model.dropped ||= each.kind === 'drop'
          }
          const { inHand } = model
          const bytes = inHand.reduce((sum, entry) => sum + entry.bytes, 0)
          const span = inHand.length === 0 ? 0 : model.lastOffset - model.commit
          expect(queue.commitOffset).toBe(model.commit)
          expect([queue.count, queue.bytes]).toEqual([inHand.length, bytes])
          expect([queue.held, queue.running]).toEqual([
            model.sealed ? 0 : model.count('held'),
            model.count('running', 'returning'),
          ])
          expect(queue.hasRoom).toBe(inHand.length <= 12 && bytes <= 150 && span <= 20)
          const linked = queue.heads(Infinity)
          expect(linked.map(({ offset, state }) => `${offset} ${state}`)).toEqual(
            inHand.map(({ offset, state }) => `${offset} ${state}`),
          )
          linked.forEach((entry, i) => expect(entry.previous).toBe(linked[i - 1]))
        }
        expect(committed).toBeLessThanOrEqual(model.commit)
      }),
      { numRuns: 300 },
    )
  })
})
