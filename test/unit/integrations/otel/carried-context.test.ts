import { ROOT_CONTEXT, propagation } from '@opentelemetry/api'
import { carrying } from '../../../../lib/integrations/otel/carried-context'

/** What the registered propagator writes. */
function injecting(fields: Readonly<Record<string, string>>): void {
  propagation.setGlobalPropagator({
    inject: (_context, carrier, { set }) =>
      Object.entries(fields).forEach(([name, value]) => set(carrier, name, value)),
    extract: context => context,
    fields: () => Object.keys(fields),
  })
}

afterEach(() => propagation.disable())

describe('the context that a message carries', () => {
  it('stands among its properties, where those of the user stay', () => {
    injecting({ traceparent: '00-1', baggage: 'a=b' })
    const message = { topic: 'T', body: 'x', properties: { mine: '1', baggage: 'own' } }
    expect(carrying(message, ROOT_CONTEXT).properties).toEqual({ traceparent: '00-1', mine: '1', baggage: 'own' })
  })

  it.each([null, 'text', ['list']])(
    'leaves properties that are none as they are, for the send to refuse: %j',
    given => {
      injecting({ traceparent: '00-1' })
      const message = { topic: 'T', body: 'x', properties: given as never }
      expect(carrying(message, ROOT_CONTEXT)).toBe(message)
    },
  )

  it('leaves out what no property may hold: separators, and names that are reserved', () => {
    injecting({ traceparent: '00-1', baggage: 'a\u0001b', tracestate: 'x\u0002y', 'bad\u0002': 'z', KEYS: 'k' })
    expect(carrying({ topic: 'T', body: 'x' }, ROOT_CONTEXT).properties).toEqual({ traceparent: '00-1' })
  })
})
