import { getEventListeners } from 'node:events'
import { withAnySignal } from '../../../lib/runtime/any-signal'

const listeners = (...signals: AbortSignal[]): number[] =>
  signals.map(signal => getEventListeners(signal, 'abort').length)

describe('work with any of several signals', () => {
  it('is aborted with the reason of the first that is', async () => {
    const [a, b] = [new AbortController(), new AbortController()]
    let seen: AbortSignal | undefined
    const reason = await withAnySignal([a.signal, undefined, b.signal], async signal => {
      seen = signal
      b.abort('enough')
      a.abort('too late')
      return signal.reason as unknown
    })
    expect(reason).toBe('enough')
    expect(seen?.aborted).toBe(true)
  })

  it('begins aborted where one is already', async () => {
    const one = new AbortController()
    const aborted = AbortSignal.abort('before')
    expect(await withAnySignal([one.signal, aborted], async signal => [signal.aborted, signal.reason])).toEqual([
      true,
      'before',
    ])
  })

  it('leaves nothing at the signals when it is over, however it ended', async () => {
    const [a, b] = [new AbortController(), new AbortController()]
    await withAnySignal([a.signal, b.signal], async () => expect(listeners(a.signal, b.signal)).toEqual([1, 1]))
    expect(listeners(a.signal, b.signal)).toEqual([0, 0])
    const failing = withAnySignal([a.signal, b.signal], () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(listeners(a.signal, b.signal)).toEqual([0, 0])
  })

  it('gets the only signal there is as it is', async () => {
    const { signal } = new AbortController()
    expect(await withAnySignal([undefined, signal], async given => given)).toBe(signal)
  })

  it('gets one that is never aborted where there is none', async () => {
    expect(await withAnySignal([undefined], async signal => signal.aborted)).toBe(false)
  })
})
