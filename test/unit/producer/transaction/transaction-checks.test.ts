import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { WireNames } from '../../../../lib/client/wire-names'
import type { RequestOf } from '../../../../lib/commands/command'
import type { CHECK_TRANSACTION_STATE } from '../../../../lib/commands/transaction'
import type { RocketMQError } from '../../../../lib/errors'
import type { LocalTransactionState } from '../../../../lib/producer/transaction/transaction-listener'
import { TransactionEnds } from '../../../../lib/producer/transaction/transaction-ends'
import { TransactionChecks } from '../../../../lib/producer/transaction/transaction-checks'
import { SYS_FLAG } from '../../../../lib/model/sys-flag'
import { compress } from '../../../../lib/wire/compression'
import { encodeProperties } from '../../../../lib/wire/properties'
import { encodeStoredMessage } from '../../../../lib/wire/stored-message-encoder'
import { deferred } from '../../../support/fake-client'
import { silentLog } from '../../../support/recording-log'
import { Changes } from '../../../support/until'
import { NO_TELEMETRY } from '../../../support/no-telemetry'

type Check = RequestOf<typeof CHECK_TRANSACTION_STATE>
type Handler = (request: Check, context: unknown) => unknown

interface Bounds {
  readonly concurrency?: number
  readonly maxWaiting?: number
  /** False: the producer is shut down. */
  readonly isAlive?: () => boolean
}

/** Tells the ends of transactions to a broker that keeps what it hears, as long as it is there. */
function toldEnds() {
  const told: { address: string; header: Record<string, unknown> }[] = []
  let failsToTell = false
  const invokeOneway = async (address: string, _: unknown, { header }: { header: Record<string, unknown> }) => {
    if (failsToTell) throw new Error('the broker is gone')
    told.push({ address, header })
  }
  const remoting = { invokeOneway } as never
  const silent = { interceptors: [], tracer: undefined, telemetry: NO_TELEMETRY, clock: new ManualClock() }
  const ends = new TransactionEnds({ remoting, confirm: false, timeoutMs: 1000, ...silent })
  return { told, ends, fail: () => (failsToTell = true) }
}

/** Checks whose listener waits until the test tells the state of a transaction, by its text. */
function setup({ concurrency = 2, maxWaiting = 1, isAlive = () => true }: Bounds = {}) {
  const asked = new Map<string, ReturnType<typeof deferred<LocalTransactionState>>>()
  const { told, ends, fail } = toldEnds()
  const errors: RocketMQError[] = []
  const changes = new Changes()
  let handler: Handler | undefined
  let groupOf: ((request: Check) => string) | undefined
  let held = 0
  const handle = (_: unknown, __: string, given: Handler, givenGroupOf: (request: Check) => string) => {
    handler = given
    groupOf = givenGroupOf
    return () => (handler = undefined)
  }
  const checks = new TransactionChecks({
    client: { handle, log: silentLog(), names: new WireNames('') } as never,
    ends,
    group: 'orders',
    concurrency,
    maxWaiting,
    listener: {
      checkLocalTransaction: message => {
        const answer = deferred<LocalTransactionState>()
        asked.set(message.text(), answer)
        changes.notify()
        return answer.promise
      },
    },
    hold: () => {
      if (!isAlive()) return undefined
      held++
      return () => held--
    },
    onError: error => {
      errors.push(error)
      changes.notify()
    },
  })
  const stop = checks.listen()
  return {
    checks,
    changes,
    asked,
    told,
    errors,
    stop,
    fail,
    get held() {
      return held
    },
    get isListening() {
      return handler !== undefined
    },
    groupOf: (request: Check) => groupOf?.(request),
    ask: (request: Check) => handler?.(request, { channel: { address: '10.0.0.1:10911' } }),
  }
}

function check(
  text: string,
  { body = Buffer.from(text), sysFlag = 0 }: { body?: Buffer; sysFlag?: number } = {},
): Check {
  const record = encodeStoredMessage({
    topic: 'T',
    body,
    properties: encodeProperties({ UNIQ_KEY: `ID-${text}`, PGROUP: 'orders', TRAN_MSG: 'true' }),
    queueId: 1,
    queueOffset: 7,
    commitLogOffset: 99,
    sysFlag,
    bornTimestamp: 1,
    bornHost: '127.0.0.1:1',
    storeTimestamp: 2,
    storeHost: '127.0.0.1:2',
  })
  const ids = { transactionId: `TX-${text}`, topic: 'HALF', bname: 'broker-a' }
  return { header: { tranStateTableOffset: 7, commitLogOffset: 99, ...ids }, body: record }
}

/** Lets what has been settled go its way. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('checks of transactions', () => {
  it('are told to whoever asked, with the offsets of the question', async () => {
    const { ask, asked, told } = setup()
    ask(check('a'))
    await settled()
    asked.get('a')?.resolve('COMMIT_MESSAGE')
    await settled()
    const header = {
      tranStateTableOffset: 7,
      commitLogOffset: 99,
      topic: 'HALF',
      bname: 'broker-a',
      producerGroup: 'orders',
      fromTransactionCheck: true,
      msgId: 'ID-a',
      transactionId: 'TX-a',
      commitOrRollback: 8,
    }
    expect(told).toEqual([{ address: '10.0.0.1:10911', header }])
  })

  it('are for the group that the half message names', () => {
    const { groupOf } = setup()
    expect(groupOf(check('a'))).toBe('orders')
    expect(groupOf({ ...check('a'), body: Buffer.from('no message') })).toBe('')
  })

  it('show the listener the body as it was sent', async () => {
    const { ask, asked, changes } = setup()
    const sysFlag = SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB
    const text = 'long '.repeat(100)
    ask(check('a', { body: await compress(Buffer.from(text), 5), sysFlag }))
    await changes.until(() => asked.size > 0, { what: 'the listener to be asked' })
    expect([...asked.keys()]).toEqual([text])
  })

  it('run a few at a time, the others wait, and what is too much is dropped and reported', async () => {
    const site = setup({ concurrency: 2, maxWaiting: 1 })
    for (const text of ['a', 'b', 'c', 'd']) site.ask(check(text))
    await settled()
    expect([...site.asked.keys()]).toEqual(['a', 'b'])
    expect(site.checks).toMatchObject({ running: 2, waiting: 1, dropped: 1 })
    expect(site.errors).toMatchObject([{ code: 'TOO_MANY_REQUESTS' }])
    site.asked.get('b')?.resolve('ROLLBACK_MESSAGE')
    await settled()
    expect([...site.asked.keys()]).toEqual(['a', 'b', 'c'])
    for (const answer of site.asked.values()) answer.resolve('UNKNOW')
    await settled()
    expect(site.checks).toMatchObject({ running: 0, waiting: 0 })
    expect(site.told.map(({ header }) => header.commitOrRollback)).toEqual([12, 0, 0])
    expect(site.held).toBe(0)
  })

  it('are told as not known where the listener throws, which is reported', async () => {
    const { ask, asked, told, errors } = setup()
    ask(check('a'))
    await settled()
    asked.get('a')?.reject(new Error('no database'))
    await settled()
    expect(told).toMatchObject([{ header: { commitOrRollback: 0 } }])
    expect(errors).toMatchObject([{ code: 'TRANSACTION_CHECK_FAILED', message: expect.stringContaining('TX-a') }])
  })

  it('that cannot be told are reported, and others go on', async () => {
    const { ask, asked, errors, fail, checks } = setup({ concurrency: 1 })
    fail()
    ask(check('a'))
    ask(check('b'))
    await settled()
    asked.get('a')?.resolve('COMMIT_MESSAGE')
    await settled()
    expect(errors).toMatchObject([{ message: expect.stringContaining('the broker is gone') }])
    expect([...asked.keys()]).toEqual(['a', 'b'])
    expect(checks.running).toBe(1)
  })

  it('that cannot be read are no reason to ask the listener', async () => {
    const { ask, asked, told, errors, changes } = setup()
    const sysFlag = SYS_FLAG.COMPRESSED
    ask(check('a', { body: Buffer.from('not compressed'), sysFlag }))
    await changes.until(() => errors.length > 0, { what: 'an error' })
    expect(errors).toMatchObject([{ code: 'MESSAGE_UNREADABLE' }])
    expect([asked.size, told.length]).toEqual([0, 0])
  })

  it('are left to others once the producer is shut down', async () => {
    let isAlive = true
    const site = setup({ concurrency: 1, isAlive: () => isAlive })
    site.ask(check('a'))
    site.ask(check('b'))
    await settled()
    isAlive = false
    site.asked.get('a')?.resolve('COMMIT_MESSAGE')
    await settled()
    expect([...site.asked.keys()]).toEqual(['a'])
    expect(site.told).toHaveLength(1)
    expect(site.checks).toMatchObject({ running: 0, waiting: 0 })
    site.stop()
    expect(site.isListening).toBe(false)
  })
})
