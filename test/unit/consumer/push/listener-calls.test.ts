import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import { type ListenerCall, ListenerCalls } from '../../../../lib/consumer/push/listener-calls'
import type { RocketMQError } from '../../../../lib/errors'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { storedMessage } from '../../../support/records'

const call = {
  queue: { queue: { topic: 'Orders', brokerName: 'b', queueId: 0 } },
  entries: [{ message: storedMessage({}), startedAt: 0 }],
  context: { name: 'context' },
}

function setup(listener: () => unknown) {
  const clock = new ManualClock()
  const rates = new ConsumeRates()
  const told: string[] = []
  const errors: RocketMQError[] = []
  const calls = new ListenerCalls<ListenerCall, string>({
    clock,
    rates,
    rate: { isOpen: () => true, passed: count => void told.push(`passed ${count}`) },
    places: {
      begin: () => void told.push('begin'),
      end: () => void told.push('end'),
      look: () => void told.push('look'),
    },
    listener: (messages, context) => {
      told.push(`listener ${messages.length} ${JSON.stringify(context)}`)
      return listener()
    },
    judge: result => {
      if (result === 'none') throw new Error('no result')
      return `verdict ${String(result)}`
    },
    settle: (_, verdict) => {
      if (verdict === 'verdict defect') throw new Error('a defect')
      told.push(verdict)
    },
    failed: () => void told.push('failed'),
    onListenerError: ({ message }, messages) => void told.push(`${message} for ${messages.length}`),
    onBackgroundError: error => void errors.push(error),
  })
  calls.begin(call)
  return { clock, calls, rates, told, errors }
}

const BEGUN = ['passed 1', 'begin', 'listener 1 {"name":"context"}']

describe('a call of the listener', () => {
  it('has its place free before its outcome is noted, and more looked for after it', () => {
    expect(setup(() => 'done').told).toEqual([...BEGUN, 'end', 'verdict done', 'look'])
  })

  it('is noted later where the listener returned a promise', async () => {
    const { told } = setup(() => Promise.resolve('done'))
    expect(told).toEqual(BEGUN)
    await new Promise(resolve => setImmediate(resolve))
    expect(told.slice(3)).toEqual(['end', 'verdict done', 'look'])
  })

  it.each([
    ['throws', 'broken', () => Promise.reject(new Error('broken'))],
    ['returns what is no result', 'no result', () => 'none'],
  ])('has failed where the listener %s: that is counted and told', async (_, message, listener) => {
    const { told, rates, clock } = setup(listener)
    await new Promise(resolve => setImmediate(resolve))
    expect(told.slice(3)).toEqual(['end', `${message} for 1`, 'failed', 'look'])
    expect(rates.of('Orders').status(clock.monotonic()).consumeFailedMsgs).toBe(1)
  })

  it('looks for more also where the outcome could not be noted, which is reported', () => {
    const { told, errors } = setup(() => 'defect')
    expect(told.at(-1)).toBe('look')
    expect(errors.map(({ message }) => message)).toEqual(['the result of a listener could not be noted: a defect'])
  })

  it('has the first outcome of a promise of another make, which may call back twice or throw', async () => {
    const twice = { then: (resolve: (value: string) => void) => (resolve('one'), resolve('two')) }
    const throwing = {
      then: () => {
        throw new Error('a defect')
      },
    }
    const unreadable = {
      get then(): never {
        throw new Error('a defect of the getter')
      },
    }
    const all = [twice, throwing, unreadable].map(thenable => setup(() => thenable).told)
    await new Promise(resolve => setImmediate(resolve))
    expect(all.map(told => told.slice(3))).toEqual([
      ['end', 'verdict one', 'look'],
      ['end', 'a defect for 1', 'failed', 'look'],
      ['end', 'a defect of the getter for 1', 'failed', 'look'],
    ])
  })
})
