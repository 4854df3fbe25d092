import { channel } from 'node:diagnostics_channel'
import { tracing } from '../../../../lib/client/telemetry/tracing'

describe('the tracing channels', () => {
  it.each(['send', 'process', 'receive', 'settle', 'request'] as const)(
    'are those of Node under the name rocketwire:%s',
    name => {
      for (const moment of ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const) {
        expect(tracing(name)[moment]).toBe(channel(`tracing:rocketwire:${name}:${moment}`))
      }
    },
  )
})
