import { endTransaction } from '../../../../lib/producer/transaction/end-transaction'
import type { LocalOutcome } from '../../../../lib/producer/transaction/local-state'

const HEADER = { producerGroup: 'g', tranStateTableOffset: 1, commitLogOffset: 2, msgId: 'id' }

/** What is sent, and how. */
async function told(outcome: LocalOutcome, confirm: boolean) {
  const calls: unknown[] = []
  const call =
    (form: string) =>
    async (address: string, command: { name: string }, request: object, options: object): Promise<never> => {
      calls.push({ form, address, name: command.name, ...request, ...options })
      return undefined as never
    }
  const remoting = { invoke: call('invoke'), invokeOneway: call('oneway') } as never
  await endTransaction(HEADER, outcome, { remoting, address: 'b:1', confirm, timeoutMs: 5 })
  return calls
}

describe('the end of a transaction', () => {
  it.each([
    ['COMMIT_MESSAGE', 8],
    ['ROLLBACK_MESSAGE', 12],
    ['UNKNOW', 0],
  ] as const)('%s is told as %i', async (state, commitOrRollback) => {
    const header = { ...HEADER, commitOrRollback }
    const request = { address: 'b:1', name: 'END_TRANSACTION', header, remark: undefined, timeoutMs: 5 }
    expect(await told({ state }, false)).toEqual([{ form: 'oneway', ...request }])
  })

  it('is answered where that is wished, unless it is not known, which has no answer', async () => {
    expect(await told({ state: 'COMMIT_MESSAGE' }, true)).toMatchObject([{ form: 'invoke' }])
    expect(await told({ state: 'ROLLBACK_MESSAGE' }, true)).toMatchObject([{ form: 'invoke' }])
    expect(await told({ state: 'UNKNOW' }, true)).toMatchObject([{ form: 'oneway' }])
  })

  it('comes with what the listener threw', async () => {
    const [request] = await told({ state: 'UNKNOW', error: new Error('no database') }, false)
    expect(request).toMatchObject({ remark: 'the transaction listener failed: no database' })
  })
})
