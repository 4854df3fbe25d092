import type { Telemetry } from '../../../lib/client/telemetry/telemetry'
import { receiving } from '../../../lib/consumer/receiving'
import type { MessageExt } from '../../../lib/model/message'
import { NO_TELEMETRY } from '../../support/no-telemetry'
import { messageOf } from '../../support/telemetry-events'

describe('a call that asks for messages', () => {
  const messages = [messageOf('T')]
  const result = { messages }
  const messagesOf = (given: { messages: readonly MessageExt[] }): readonly MessageExt[] => given.messages

  it('is told to whoever listens, with what came', async () => {
    const events: unknown[] = []
    const run: Telemetry['run'] = async (channel, own, work) => {
      const event = { ...own }
      const given = await work(event as never)
      events.push([channel, event])
      return given
    }
    const receive = receiving({ wants: channel => channel === 'receive', run })
    expect(await receive('pull', async () => result, messagesOf)).toBe(result)
    expect(events).toEqual([['receive', { operation: 'pull', messages }]])
  })

  it('is just done while nobody listens', async () => {
    expect(await receiving(NO_TELEMETRY)('poll', async () => result, messagesOf)).toBe(result)
  })
})
