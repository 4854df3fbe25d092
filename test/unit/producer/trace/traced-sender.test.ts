import { TracedSender } from '../../../../lib/producer/trace/traced-sender'
import type { SendCallback } from '../../../../lib/sending/sender'

const PREPARED = { topic: 'T' } as never
const RESULT = { msgId: 'M' } as never

function setup(outcome: () => Promise<unknown>, isTraced = true) {
  const log: unknown[] = []
  const sender = {
    now: () => 7,
    send: async (...args: unknown[]) => {
      log.push(['send', ...args])
      return outcome() as never
    },
    sendAsync: (prepared: unknown, options: unknown, callback: SendCallback) => {
      log.push(['sendAsync', prepared, options])
      outcome().then(
        result => callback(undefined, result as never),
        (error: unknown) => callback(error as Error, undefined),
      )
    },
    sendOneway: async (...args: unknown[]) => void log.push(['sendOneway', ...args]),
  }
  const begin = (prepared: unknown) => {
    log.push(['begin', prepared])
    return isTraced ? (end: unknown) => void log.push(['end', end]) : undefined
  }
  return { log, sender: new TracedSender(sender, { begin }) }
}

const failure = new Error('no')
const fails = (): Promise<never> => Promise.reject(failure)

describe('a sender that is traced', () => {
  it('tells of a send before and after it, and only then has its place taken by others', async () => {
    const { log, sender } = setup(async () => RESULT)
    expect(await sender.send(PREPARED, { timeoutMs: 5 }, () => log.push('settled'))).toBe(RESULT)
    expect(log).toEqual([
      ['begin', PREPARED],
      ['send', PREPARED, { timeoutMs: 5 }],
      ['end', { result: RESULT }],
      'settled',
    ])
  })

  it('tells of a failure, and leaves it as it is', async () => {
    const { log, sender } = setup(fails)
    await expect(sender.send(PREPARED, {}, () => log.push('settled'))).rejects.toBe(failure)
    expect(log.slice(2)).toEqual([['end', { error: failure }], 'settled'])
  })

  it.each([
    ['a result', async () => RESULT, [undefined, RESULT], { result: RESULT }],
    ['a failure', fails, [failure, undefined], { error: failure }],
  ] as const)('tells of the callback form: %s', async (_, outcome, given, end) => {
    const { log, sender } = setup(outcome)
    const got = await new Promise<unknown[]>(resolve => {
      sender.sendAsync(PREPARED, {}, (...args) => resolve(args))
    })
    expect(got).toEqual(given)
    expect(log).toEqual([
      ['begin', PREPARED],
      ['sendAsync', PREPARED, {}],
      ['end', end],
    ])
  })

  it('sends what is not traced all the same', async () => {
    const { log, sender } = setup(async () => RESULT, false)
    expect(await sender.send(PREPARED, {})).toBe(RESULT)
    expect(log).toHaveLength(2)
  })

  it('does not trace what has no answer, and tells the time', async () => {
    const { log, sender } = setup(async () => RESULT)
    await sender.sendOneway(PREPARED, {})
    expect(log).toEqual([['sendOneway', PREPARED, {}]])
    expect(sender.now()).toBe(7)
  })
})
