import { json } from './body'
import { command } from './command'
import { entriesOf, fieldsOf, textOf } from './shape'

/** What a broker tells of itself, figures and words by name. */
export interface BrokerRuntimeInfo {
  readonly table: ReadonlyMap<string, string>
}

/** What a broker is and does at present, such as `brokerVersionDesc` and `putTps`. */
export const GET_BROKER_RUNTIME_INFO = command('GET_BROKER_RUNTIME_INFO', {
  code: 28,
  peer: 'broker',
  request: {},
  response: {
    body: json((value): BrokerRuntimeInfo => {
      const what = 'the runtime info of a broker'
      return { table: new Map(entriesOf(fieldsOf(value, what)['table'], what, { key: textOf, value: textOf })) }
    }),
  },
})
