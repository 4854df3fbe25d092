import type { Message } from '../../../../lib/model/message'
import {
  type EndTransactionContext,
  type EndTransactionInterceptor,
  type TransactionEnd,
  TransactionEnds,
  traceFactsOf,
} from '../../../../lib/producer/transaction/transaction-ends'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { encodeProperties } from '../../../../lib/wire/properties'
import { storedMessage } from '../../../support/records'
import type { Telemetry } from '../../../../lib/client/telemetry/telemetry'
import { NO_TELEMETRY } from '../../../support/no-telemetry'

const HEADER = { producerGroup: 'g', tranStateTableOffset: 1, commitLogOffset: 2, msgId: 'M', bname: 'a' }
const MESSAGE: Message = { topic: 'T', body: 'x', tags: 'paid', keys: ['k1', 'k2'] }

function setup(interceptors: readonly EndTransactionInterceptor[] = [], telemetry = NO_TELEMETRY) {
  const log: unknown[] = []
  const remoting = {
    invokeOneway: async (address: string, _: unknown, { header }: { header: object }) =>
      void log.push({ address, header }),
  } as never
  const tracer = { ended: (trace: object) => void log.push({ trace }) }
  const ends = new TransactionEnds({
    remoting,
    confirm: false,
    timeoutMs: 5,
    interceptors,
    tracer,
    telemetry,
    clock: new ManualClock(),
  })
  return { log, ends }
}

const END: TransactionEnd = {
  header: HEADER,
  outcome: { state: 'COMMIT_MESSAGE' },
  address: 'a:10911',
  message: MESSAGE,
  msgId: 'M',
  regionId: undefined,
  traceOn: true,
}

describe('the ends of transactions', () => {
  it('are traced as they are told', async () => {
    const { log, ends } = setup()
    await ends.tell(END)
    expect(log).toEqual([
      {
        trace: {
          regionId: 'DefaultRegion',
          topic: 'T',
          msgId: 'M',
          tags: 'paid',
          keys: 'k1 k2',
          storeHost: 'a:10911',
          transactionId: 'M',
          transactionState: 'COMMIT_MESSAGE',
          fromTransactionCheck: false,
        },
      },
      { address: 'a:10911', header: { ...HEADER, commitOrRollback: 8 } },
    ])
  })

  it('are told to whoever listens, around the interceptors', async () => {
    const events: unknown[] = []
    const run: Telemetry['run'] = async (channel, own, work) => {
      events.push([channel, own])
      const result = await work({} as never)
      events.push('told')
      return result
    }
    const intercept: EndTransactionInterceptor = async (_, next) => {
      events.push('intercepted')
      await next()
    }
    const { ends } = setup([intercept], { wants: () => true, run })
    await ends.tell(END)
    const transaction = {
      transactionId: 'M',
      message: MESSAGE,
      msgId: 'M',
      state: 'COMMIT_MESSAGE',
      fromTransactionCheck: false,
    }
    const own = { operation: 'endTransaction', messages: [], messageQueues: [], transaction }
    expect(events).toEqual([['settle', own], 'intercepted', 'told'])
  })

  it('are traced with what a half message says of it', async () => {
    const { log, ends } = setup()
    const header = { ...HEADER, fromTransactionCheck: true }
    const message = storedMessage({ properties: encodeProperties({ MSG_REGION: 'r' }) })
    await ends.tell({ ...END, header, message, ...traceFactsOf(message) })
    const trace = { regionId: 'r', keys: undefined, tags: undefined, fromTransactionCheck: true }
    expect(log[0]).toMatchObject({ trace })
    const silent = storedMessage({ properties: encodeProperties({ TRACE_ON: 'false' }) })
    await ends.tell({ ...END, message: silent, ...traceFactsOf(silent) })
    expect(log).toHaveLength(3)
  })

  it('pass through interceptors, the first one outermost', async () => {
    const seen: unknown[] = []
    const outer: EndTransactionInterceptor = async (context, next) => {
      seen.push(context)
      await next()
      seen.push('told')
    }
    const { log, ends } = setup([outer, async (_, next) => (seen.push('inner'), next())])
    const error = new Error('no database')
    await ends.tell({ ...END, outcome: { state: 'UNKNOW', error } })
    const context: EndTransactionContext = {
      operation: 'endTransaction',
      producerGroup: 'g',
      message: MESSAGE,
      msgId: 'M',
      transactionId: 'M',
      brokerName: 'a',
      brokerAddress: 'a:10911',
      state: 'UNKNOW',
      error,
      fromTransactionCheck: false,
    }
    expect(seen).toEqual([context, 'inner', 'told'])
    expect(log).toHaveLength(2)
  })

  it('are not told where an interceptor throws, or does not go on', async () => {
    const failure = new Error('no')
    const { log, ends } = setup([async () => Promise.reject(failure)])
    await expect(ends.tell(END)).rejects.toMatchObject({ code: 'INTERCEPTOR_FAILED', cause: failure })
    const silent = setup([async () => undefined])
    await silent.ends.tell(END)
    expect([...log, ...silent.log]).toEqual([])
  })
})
