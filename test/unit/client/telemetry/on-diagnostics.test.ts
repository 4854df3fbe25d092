import { onDiagnostics } from '../../../../lib/client/telemetry/on-diagnostics'
import { tracing } from '../../../../lib/client/telemetry/tracing'
import { requestEvent } from '../../../support/telemetry-events'

describe('onDiagnostics', () => {
  it('hears of every moment that it has a method for, in order, until it is stopped', async () => {
    const heard: string[] = []
    const stop = onDiagnostics('request', {
      start: ({ message }) => heard.push(`start ${message.topic}`),
      end: () => heard.push('end'),
      error: ({ error }) => heard.push(`error ${String(error)}`),
      asyncStart: () => heard.push('asyncStart'),
      asyncEnd: () => heard.push('asyncEnd'),
    })
    const event = requestEvent('T')
    const failing = tracing('request').tracePromise(() => Promise.reject(new Error('no')), event)
    await expect(failing).rejects.toThrow('no')
    expect(heard).toEqual(['start T', 'end', 'error Error: no', 'asyncStart', 'asyncEnd'])
    stop()
    await tracing('request').tracePromise(() => Promise.resolve(), event)
    expect(heard).toHaveLength(5)
  })

  it('subscribes to nothing that it has no method for', () => {
    const stop = onDiagnostics('settle', { asyncEnd: () => undefined })
    const { start, asyncEnd } = tracing('settle')
    expect([start.hasSubscribers, asyncEnd.hasSubscribers]).toEqual([false, true])
    stop()
    expect(asyncEnd.hasSubscribers).toBe(false)
  })

  it('keeps the listener its own `this`', async () => {
    const listener = {
      seen: 0,
      start() {
        this.seen++
      },
    }
    const stop = onDiagnostics('request', listener)
    await tracing('request').tracePromise(() => Promise.resolve(), requestEvent('T'))
    stop()
    expect(listener.seen).toBe(1)
  })
})
