import files from 'node:fs/promises'
import { BrokerError, RocketMQError } from '../../../../lib/errors'
import type { SendResult } from '../../../../lib/model/results'
import { Outbox } from '../../../../lib/producer/outbox/outbox'
import type { ResolvedOutboxOptions } from '../../../../lib/producer/outbox/outbox-options'
import { POSSIBLE_DUPLICATE } from '../../../../lib/producer/outbox/possible-duplicate'
import { orderedLane } from '../../../../lib/producer/outbox/spool-entry'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import type { PreparedMessage } from '../../../../lib/sending/prepared-message'
import type { SendOptions } from '../../../../lib/sending/send-options'
import { AwaitedFiles } from '../../../support/awaited-files'
import { outboxSettings, spoolFolders, spooled } from '../../../support/spool-setup'

const { fresh, afterCrash } = spoolFolders()
const gone = (sent: 'NO' | 'UNKNOWN' = 'NO') => new RocketMQError('CONNECT_FAILED', 'gone', { sent })
const named = (msgId: string, shardingKey?: string) => spooled({ msgId, shardingKey })

interface Given extends Partial<ResolvedOutboxOptions> {
  readonly directory: string
  readonly clock?: ManualClock
  readonly hasBrokers?: () => boolean
}

/** An outbox whose tries end as `outcome` says: it is taken where that is undefined. */
async function opened(
  outcome: (msgId: string, options: SendOptions) => Error | undefined | Promise<Error | undefined>,
  { clock = new ManualClock(), hasBrokers = () => true, ...options }: Given,
) {
  const disk = new AwaitedFiles()
  const [tried, errors] = [[] as PreparedMessage[], [] as RocketMQError[]]
  const send = async (prepared: PreparedMessage, sendOptions: SendOptions): Promise<SendResult> => {
    tried.push(prepared)
    const error = await outcome(prepared.msgId, sendOptions)
    if (error !== undefined) throw error
    return { sendStatus: 'SEND_OK' } as SendResult
  }
  const onBackgroundError = (error: RocketMQError): void => void errors.push(error)
  const outbox = await Outbox.open(outboxSettings(options), {
    clock,
    files: disk.files,
    send,
    onBackgroundError,
    hasBrokers: async () => hasBrokers(),
  })
  /** Moves time on until it is so; time stands while the disk works. */
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 2000 && !isSo(); turn++) {
      await clock.advance(100)
      await disk.rest()
    }
    expect(isSo()).toBe(true)
  }
  const isMarked = (): boolean[] => tried.map(({ properties }) => properties.includes(POSSIBLE_DUPLICATE))
  return { outbox, clock, tried, isMarked, errors, until, ids: () => tried.map(({ msgId }) => msgId) }
}

describe('an outbox', () => {
  it('sends what was spooled, tells how much waits, and for how long', async () => {
    let isBack = false
    const { outbox, clock, until, ids } = await opened(() => (isBack ? undefined : gone()), {
      directory: await fresh(),
    })
    outbox.start()
    await clock.advance(1000)
    const spooledAt = clock.now()
    await outbox.spool([spooled({ msgId: '1', spooledAt }), spooled({ msgId: '2', spooledAt })], 0)
    await clock.advance(500)
    expect(outbox.stats).toMatchObject({ spooled: 2, replayed: 0, rejected: 0, oldestAgeMs: 500 })
    isBack = true
    await until(() => outbox.stats.bytes === 0)
    expect(outbox.stats).toEqual({ spooled: 0, bytes: 0, replayed: 2, rejected: 0, oldestAgeMs: undefined })
    expect(ids()).toEqual(expect.arrayContaining(['1', '2']))
    await outbox.close()
  })

  it('has messages of a lane that waits, or of a topic that nobody takes, spooled at once', async () => {
    let isBack = false
    const { outbox, clock, until } = await opened(() => (isBack ? undefined : gone()), { directory: await fresh() })
    await clock.advance(1)
    const lane = orderedLane(named('1', 'k')) as string
    outbox.taken('T')
    const writing = outbox.spool([named('1', 'k')], 0)
    expect([outbox.mustSpool('T', [lane]), outbox.mustSpool('T', [])]).toEqual([true, false])
    await writing
    expect([outbox.mustSpool('T', [lane]), outbox.mustSpool('T', [])]).toEqual([true, false])
    await clock.advance(1)
    await outbox.spool([named('2')], clock.monotonic())
    expect([outbox.mustSpool('T', []), outbox.mustSpool('U', [])]).toEqual([true, false])
    isBack = true
    outbox.start()
    await until(() => outbox.stats.spooled === 0)
    expect([outbox.mustSpool('T', [lane]), outbox.mustSpool('T', [])]).toEqual([false, false])
    await outbox.close()
  })

  it('marks a message from the first try on that may have arrived', async () => {
    const outcomes = [gone(), gone('UNKNOWN'), gone(), undefined]
    const { outbox, until, isMarked } = await opened(() => outcomes.shift(), { directory: await fresh() })
    outbox.start()
    await outbox.spool([named('1')], 0)
    await until(() => outbox.stats.spooled === 0)
    expect(isMarked()).toEqual([false, false, true, true])
    await outbox.close()
  })

  it('finds what a process has left: marked after a crash, as it was after a good end', async () => {
    const directory = await fresh()
    const { outbox } = await opened(() => gone(), { directory })
    await outbox.spool([named('1', 'k'), spooled({ msgId: '2', maybeSent: true, shardingKey: 'k' })], 0)
    const crashed = await afterCrash(directory)
    await outbox.close()
    for (const [folder, marks] of [
      [directory, [false, true]],
      [crashed, [true, true]],
    ] as const) {
      const next = await opened(() => undefined, { directory: folder })
      next.outbox.start()
      await next.until(() => next.outbox.stats.spooled === 0)
      expect([next.ids(), next.isMarked()]).toEqual([['1', '2'], marks])
      await next.outbox.close()
    }
  })

  it('puts aside what brokers refuse for good, tells of it, and sends the rest', async () => {
    const refused = () => new BrokerError('MESSAGE_ILLEGAL', 'no', 'refused', { sent: 'NO' })
    const { outbox, until, errors, ids } = await opened(id => (id === 'bad' ? refused() : undefined), {
      directory: await fresh(),
      maxRefusals: 3,
    })
    outbox.start()
    await outbox.spool([named('bad', 'k'), named('good', 'k')], 0)
    await until(() => outbox.stats.spooled === 0)
    expect(ids()).toEqual(['bad', 'bad', 'bad', 'good'])
    expect(outbox.stats).toMatchObject({ replayed: 1, rejected: 1 })
    expect(errors).toEqual([expect.objectContaining({ code: 'OUTBOX_REJECTED', topic: 'T' })])
    await outbox.close()
  })

  it('puts aside what has had no topic for so long, while there were brokers', async () => {
    const noTopic = () => new RocketMQError('TOPIC_NOT_FOUND', 'none', { sent: 'NO' })
    let areThere = false
    const { outbox, clock, until, errors } = await opened(() => noTopic(), {
      directory: await fresh(),
      noRouteMs: 50_000,
      hasBrokers: () => areThere,
    })
    outbox.start()
    await outbox.spool([named('1', 'k'), named('2', 'k')], 0)
    await until(() => clock.monotonic() > 60_000)
    expect(outbox.stats).toMatchObject({ spooled: 2, rejected: 0 })
    areThere = true
    const from = clock.monotonic()
    await until(() => outbox.stats.rejected >= 1)
    const first = clock.monotonic() - from
    expect(first).toBeGreaterThanOrEqual(50_000)
    await until(() => outbox.stats.rejected === 2)
    // It is not waited for once more.
    expect(clock.monotonic() - from - first).toBeLessThan(50_000)
    expect(errors.map(({ code }) => code)).toEqual(['OUTBOX_REJECTED', 'OUTBOX_REJECTED'])
    expect(errors[0]?.message).toMatch(/has had no route for \d{5,} ms/)
    await outbox.close()
  })

  it('puts aside what is for a queue whose broker is gone, while others of its topic are taken', async () => {
    const noBroker = () => new RocketMQError('BROKER_NOT_FOUND', 'none', { sent: 'NO' })
    const { outbox, clock, until } = await opened(id => (id === 'chosen' ? noBroker() : undefined), {
      directory: await fresh(),
      noRouteMs: 50_000,
    })
    outbox.start()
    await outbox.spool([spooled({ msgId: 'chosen', queue: { brokerName: 'gone', queueId: 0 } }), named('any')], 0)
    await until(() => {
      outbox.taken('T')
      return outbox.stats.rejected === 1
    })
    expect([clock.monotonic() >= 50_000, outbox.stats.replayed]).toEqual([true, 1])
    await outbox.close()
  })

  it('tells of a message that cannot be read any more, and sends the rest', async () => {
    const directory = await fresh()
    const { outbox, until, errors, ids } = await opened(() => undefined, { directory })
    await outbox.spool([named('bad', 'k'), named('good', 'k')], 0)
    const path = `${directory}/0000000001.spool`
    const bytes = await files.readFile(path)
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20)
    await files.writeFile(path, bytes)
    outbox.start()
    await until(() => outbox.stats.spooled === 0)
    expect([ids(), errors]).toEqual([['good'], [expect.objectContaining({ code: 'OUTBOX_DAMAGED' })]])
    await outbox.close()
  })

  it('has brokers tried where the disk fails, but for messages of lanes that wait', async () => {
    const directory = await fresh()
    const { outbox, clock } = await opened(() => gone(), { directory })
    await clock.advance(1)
    await outbox.spool([named('1', 'k')], clock.monotonic())
    const lane = orderedLane(named('1', 'k')) as string
    await files.rm(directory, { recursive: true })
    expect(outbox.mustSpool('T', [])).toBe(true)
    await expect(outbox.spool([named('2')], undefined)).rejects.toMatchObject({ code: 'OUTBOX_FAILED' })
    expect([outbox.mustSpool('T', []), outbox.mustSpool('T', [lane])]).toEqual([false, true])
    await outbox.close()
  })

  it('leaves all as it is to whoever has taken its folder', async () => {
    const directory = await fresh()
    let isBack = false
    const { outbox, until, errors, tried } = await opened(() => (isBack ? undefined : gone()), { directory })
    await outbox.spool([named('1', 'k')], 0)
    const lane = orderedLane(named('1', 'k')) as string
    expect(outbox.mustSpool('T', [lane])).toBe(true)
    await files.writeFile(`${directory}/lock`, '{"host":"elsewhere","pid":1,"token":"x"}')
    await until(() => errors.length > 0)
    const left = await files.readdir(directory)
    isBack = true
    outbox.start()
    await outbox.spool([named('2', 'k')], 0).catch((error: RocketMQError) => errors.push(error))
    expect(errors.map(({ code }) => code)).toEqual(['OUTBOX_LOCKED', 'OUTBOX_LOCKED'])
    expect([outbox.mustSpool('T', [lane]), tried.length]).toEqual([false, 0])
    await outbox.close()
    expect(await files.readdir(directory)).toEqual(left)
  })

  it('ends in bounded time, and keeps what was under way as a possible duplicate', async () => {
    const directory = await fresh()
    const hanging = (_id: string, { signal }: SendOptions) =>
      new Promise<Error>(resolve =>
        signal?.addEventListener('abort', () => resolve(new RocketMQError('ABORTED', 'x', { sent: 'UNKNOWN' }))),
      )
    const { outbox, clock, tried, until } = await opened(hanging, { directory })
    outbox.start()
    await outbox.spool([named('1')], 0)
    await until(() => tried.length === 1)
    const closed = outbox.close()
    await clock.advance(1000)
    await closed
    expect(outbox.stats.spooled).toBe(1)
    const next = await opened(() => undefined, { directory })
    next.outbox.start()
    await next.until(() => next.outbox.stats.spooled === 0)
    expect(next.isMarked()).toEqual([true])
    await next.outbox.close()
  })
})
