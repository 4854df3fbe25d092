import type { Telemetry } from '../../../lib/client/telemetry/telemetry'
import { settling } from '../../../lib/consumer/settling'
import { NO_TELEMETRY } from '../../support/no-telemetry'
import { messageOf } from '../../support/telemetry-events'

describe('what a consumer tells brokers by itself', () => {
  it('is told to whoever listens', async () => {
    const events: unknown[] = []
    const run: Telemetry['run'] = (channel, own, work) => {
      events.push([channel, own])
      return work({} as never)
    }
    const messages = [messageOf('T')]
    const settle = settling({ wants: channel => channel === 'settle', run })
    expect(await settle('ack', messages, async () => 'done')).toBe('done')
    expect(events).toEqual([['settle', { operation: 'ack', messages, messageQueues: [] }]])
  })

  it('is just done while nobody listens', async () => {
    expect(await settling(NO_TELEMETRY)('ack', [], async () => 'done')).toBe('done')
  })
})
