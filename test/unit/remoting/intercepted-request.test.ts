import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { RocketMQError } from '../../../lib/errors'
import { interceptOneway, interceptRequest } from '../../../lib/remoting/intercepted-request'
import type { PendingRequest } from '../../../lib/remoting/pending-request'
import type { RpcInterceptor } from '../../../lib/remoting/rpc-interceptor'
import type { Timer } from '../../../lib/runtime/clock'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { RecordedRequest } from '../../support/pending'

const FRAME: RemotingCommand = {
  code: 0,
  language: 'JAVA',
  version: 1,
  opaque: 1,
  flag: 1,
  remark: undefined,
  extFields: { offset: '5' },
  body: EMPTY_BODY,
  serializeType: 'JSON',
}
const LOST = new RocketMQError('CHANNEL_CLOSED', 'closed', { sent: 'UNKNOWN' })

/** A request on its way; the test plays the channel. */
async function setup(...interceptors: RpcInterceptor[]) {
  const clock = new ManualClock()
  const entry = new RecordedRequest(GET_MAX_OFFSET, { extFields: { topic: 'T' } })
  const sent: { entry: PendingRequest; leftMs: number }[] = []
  const send = (stand: PendingRequest, leftMs: number): void => void sent.push({ entry: stand, leftMs })
  interceptRequest(entry, { interceptors, address: 'a:1', clock, timeoutMs: 100, send })
  await clock.advance(0)
  return { clock, entry, sent, stand: () => (sent[0] as { entry: PendingRequest }).entry }
}

const passOn: RpcInterceptor = (_, next) => next()

describe('a request with interceptors', () => {
  it('passes through all of them, and its owner hears of the answer after them', async () => {
    const log: unknown[] = []
    const { clock, entry, sent, stand } = await setup(
      async (context, next) => {
        log.push([context.command, context.address, context.fields])
        context.extraFields['more'] = 'yes'
        const response = await next()
        log.push(response, entry.replies.length)
        return response
      },
      (_, next) => (log.push('inner'), next()),
    )
    expect(sent[0]?.leftMs).toBe(100)
    expect(stand().content.extFields).toEqual({ topic: 'T', more: 'yes' })
    expect(stand().command).toBe(GET_MAX_OFFSET)
    stand().onReply(FRAME)
    await clock.advance(0)
    const response = { code: 'SUCCESS', remark: undefined, fields: { offset: '5' }, bodyBytes: 0 }
    expect(log).toEqual([['GET_MAX_OFFSET', 'a:1', { topic: 'T' }], 'inner', response, 0])
    expect(entry.replies).toEqual([FRAME])
    // Nothing comes of time that runs out later.
    await clock.advance(1000)
    expect(entry.failures).toEqual([])
  })

  it('fails as it failed, also where an interceptor swallows that', async () => {
    for (const interceptor of [passOn, (_: unknown, next: () => Promise<never>) => next().catch(() => undefined)]) {
      const { clock, entry, stand } = await setup(interceptor as RpcInterceptor)
      stand().onFailure(LOST)
      await clock.advance(0)
      expect(entry.failures).toEqual([LOST])
    }
  })

  it('is not sent where one throws before, or does not go on', async () => {
    const { entry, sent } = await setup(() => Promise.reject(new Error('no')))
    const failed = { code: 'INTERCEPTOR_FAILED', sent: 'NO', address: 'a:1', command: 'GET_MAX_OFFSET' }
    expect(entry.failures).toMatchObject([{ ...failed, message: expect.stringContaining('no') as string }])
    const silent = await setup(async () => undefined)
    expect(silent.entry.failures).toMatchObject([failed])
    const typed = await setup(() => Promise.reject(LOST))
    expect(typed.entry.failures).toEqual([LOST])
    expect([...sent, ...silent.sent, ...typed.sent]).toEqual([])
  })

  it('fails where one throws after the answer, and may have had its effect', async () => {
    const { clock, entry, stand } = await setup(async (_, next) => {
      await next()
      throw new Error('late')
    })
    stand().onReply(FRAME)
    await clock.advance(0)
    expect(entry.failures).toMatchObject([{ code: 'INTERCEPTOR_FAILED', sent: 'UNKNOWN' }])
    expect(entry.replies).toEqual([])
  })

  it('is sent once', async () => {
    let second: unknown
    const { clock, entry, sent, stand } = await setup(async (_, next) => {
      const first = next()
      second = await next().catch((error: unknown) => error)
      return first
    })
    stand().onReply(FRAME)
    await clock.advance(0)
    expect(second).toMatchObject({ code: 'INVALID_STATE' })
    expect(sent).toHaveLength(1)
    expect(entry.replies).toHaveLength(1)
  })

  it('fails in time where interceptors do not pass it on', async () => {
    let goOn = (): void => undefined
    const { clock, entry, sent } = await setup(async (_, next) => {
      await new Promise<void>(resolve => (goOn = resolve))
      return next()
    })
    await clock.advance(100)
    expect(entry.failures).toMatchObject([{ code: 'REQUEST_TIMEOUT', sent: 'NO' }])
    goOn()
    await clock.advance(0)
    expect(sent).toEqual([])
    expect(entry.failures).toHaveLength(1)
  })

  it('has its outcome in time where interceptors do not end after it', async () => {
    const never: RpcInterceptor = async (_, next) => {
      await next().catch(() => undefined)
      return new Promise(() => undefined)
    }
    const answered = await setup(never)
    answered.stand().onReply(FRAME)
    await answered.clock.advance(100)
    expect(answered.entry.replies).toEqual([FRAME])
    const failed = await setup(never)
    await failed.clock.advance(100)
    // The channel's own limit.
    failed.stand().onFailure(LOST)
    expect(failed.entry.failures).toEqual([LOST])
    const late = await setup(never)
    await late.clock.advance(100)
    late.stand().onReply(FRAME)
    expect(late.entry.replies).toEqual([FRAME])
  })

  it('is taken back from the channel where its owner wants it no more', async () => {
    let heard: unknown
    const { clock, entry, stand } = await setup((_, next) => next().catch((error: unknown) => void (heard = error)))
    const forgotten: PendingRequest[] = []
    stand().channel = { forget: each => void forgotten.push(each) }
    const given = stand()
    entry.channel?.forget(entry)
    await clock.advance(0)
    expect(forgotten).toEqual([given])
    expect(heard).toMatchObject({ code: 'ABORTED' })
    expect([...entry.replies, ...entry.failures]).toEqual([])
    expect(entry.channel).toBeUndefined()
  })

  it('leaves no timer where its owner wants it no more while an interceptor hangs', async () => {
    const timers = jest.spyOn(ManualClock.prototype, 'after')
    const { entry } = await setup(() => new Promise(() => undefined))
    const armed = timers.mock.results.map(({ value }) => jest.spyOn(value as Timer, 'cancel'))
    timers.mockRestore()
    entry.channel?.forget(entry)
    expect(armed.map(({ mock }) => mock.calls.length)).toEqual([1])
  })

  it('knows that its owner is settled', async () => {
    const { entry, stand } = await setup(passOn)
    expect(stand().settled).toBe(false)
    entry.settled = true
    expect(stand().settled).toBe(true)
    stand().onReply(FRAME)
    expect(entry.replies).toEqual([])
  })
})

describe('a oneway request with interceptors', () => {
  const REQUEST = { command: GET_MAX_OFFSET, content: { code: 30, extFields: { topic: 'T' } }, address: 'a:1' }

  it('is sent through them', async () => {
    const log: unknown[] = []
    const add: RpcInterceptor = (context, next) => {
      context.extraFields['more'] = 'yes'
      log.push(context.oneway)
      return next()
    }
    await interceptOneway(REQUEST, [add], async content => void log.push(content))
    expect(log).toEqual([true, { code: 30, extFields: { topic: 'T', more: 'yes' } }])
  })

  it('fails by what they throw, and where they do not go on', async () => {
    const sent: unknown[] = []
    const send = async (content: unknown): Promise<void> => void sent.push(content)
    const failed = { code: 'INTERCEPTOR_FAILED', sent: 'NO' }
    await expect(interceptOneway(REQUEST, [() => Promise.reject(new Error('no'))], send)).rejects.toMatchObject(failed)
    await expect(interceptOneway(REQUEST, [async () => undefined], send)).rejects.toMatchObject(failed)
    expect(sent).toEqual([])
    const broken = interceptOneway(REQUEST, [passOn], () => Promise.reject(LOST))
    await expect(broken).rejects.toBe(LOST)
  })
})
