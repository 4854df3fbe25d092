import { type ReplyOf, encodeRequest } from '../../../lib/commands/command'
import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../lib/commands/callback'
import { RESPONSE_CODES, brokerError } from '../../../lib/commands/response-code'
import { RocketMQError } from '../../../lib/errors'
import { type RequestHandler, RequestHandlers } from '../../../lib/remoting/request-handlers'
import { Refusal } from '../../../lib/remoting/refusal'
import { Log } from '../../../lib/runtime/log'
import { FLAG_ONEWAY, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { openFakeChannel } from '../../support/channel-on-fake-socket'
import { RecordingLogger } from '../../support/recording-log'

const REQUEST = encodeRequest(GET_MAX_OFFSET, { header: { topic: 'T', queueId: 7 } })
const SUCCESS: ReplyOf<typeof GET_MAX_OFFSET> = { code: 'SUCCESS', header: { offset: 9 } }

function setUp(handler?: RequestHandler<typeof GET_MAX_OFFSET>) {
  const logger = new RecordingLogger()
  const handlers = new RequestHandlers(new Log('test', logger))
  if (handler !== undefined) handlers.on(GET_MAX_OFFSET, handler)
  const { clock, socket, channel } = openFakeChannel({ dispatch: (frame, from) => handlers.dispatch(frame, from) })
  const answersTo = async (frame: object): Promise<RemotingCommand[]> => {
    socket.receiveFrame({ opaque: 5, ...frame })
    await clock.advance(0)
    return socket.frames
  }
  return { logger, handlers, channel, clock, socket, answersTo }
}

describe('RequestHandlers', () => {
  it('answers with what the handler gives, under the number of the request', async () => {
    const requests: unknown[] = []
    const { answersTo } = setUp(request => {
      requests.push(request)
      return SUCCESS
    })
    expect(await answersTo(REQUEST)).toMatchObject([{ code: 0, opaque: 5, flag: 1, extFields: { offset: '9' } }])
    expect(requests).toEqual([{ header: { topic: 'T', queueId: 7 } }])
  })

  it('tells the handler where the request came from', async () => {
    const contexts: unknown[] = []
    const { answersTo, channel } = setUp((_request, context) => {
      contexts.push(context.channel, context.frame.opaque)
      return SUCCESS
    })
    await answersTo(REQUEST)
    expect(contexts).toEqual([channel, 5])
  })

  it('answers in the same turn where the handler does not wait', () => {
    const { socket, channel } = setUp(() => SUCCESS)
    const replied = jest.spyOn(channel, 'reply')
    socket.receiveFrame(REQUEST)
    expect(replied).toHaveBeenCalledTimes(1)
  })

  it('answers later where it does', async () => {
    const { answersTo } = setUp(() => Promise.resolve(SUCCESS))
    expect(await answersTo(REQUEST)).toMatchObject([{ code: 0 }])
  })

  it('answers nothing by itself where the handler gives nothing', async () => {
    const { answersTo } = setUp(() => undefined)
    expect(await answersTo(REQUEST)).toEqual([])
  })

  it('answers a code that it does not know with 3', async () => {
    const { answersTo } = setUp()
    expect(await answersTo({ code: 4711 })).toMatchObject([
      { code: RESPONSE_CODES.REQUEST_CODE_NOT_SUPPORTED.code, opaque: 5, remark: ' request type 4711 not supported' },
    ])
  })

  it.each([
    ['an unknown code', { code: 4711, flag: FLAG_ONEWAY }],
    ['one that is handled', { ...REQUEST, flag: FLAG_ONEWAY }],
    ['one whose header is wrong', { code: GET_MAX_OFFSET.code, flag: FLAG_ONEWAY }],
  ])('never answers a oneway request: %s', async (_what, frame) => {
    const { answersTo } = setUp(() => SUCCESS)
    expect(await answersTo(frame)).toEqual([])
  })

  it.each<[string, RequestHandler<typeof GET_MAX_OFFSET>]>([
    [
      'throws',
      () => {
        throw new TypeError('a defect')
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('a defect'))],
  ])('answers with an error frame, and warns, where the handler %s', async (_how, handler) => {
    const { answersTo, logger, channel } = setUp(handler)
    expect(await answersTo(REQUEST)).toMatchObject([
      { code: RESPONSE_CODES.SYSTEM_ERROR.code, remark: 'TypeError: a defect' },
    ])
    expect(logger.lines).toEqual([expect.stringContaining('warn [rocketwire:test] a request of the peer was refused')])
    expect(channel.state).toBe('open')
  })

  it.each([
    [
      'a BrokerError',
      () => brokerError(RESPONSE_CODES.NO_PERMISSION.code, 'not for you'),
      { code: 16, remark: 'not for you' },
    ],
    ['one of a code without a name', () => brokerError(4711, 'strange'), { code: 4711, remark: 'strange' }],
    [
      'a Refusal with fields',
      () => new Refusal('PULL_NOT_FOUND', 'none', { nextBeginOffset: '3' }),
      { code: 19, remark: 'none', extFields: { nextBeginOffset: '3' } },
    ],
    ['an error of the library', () => new RocketMQError('INVALID_STATE', 'not now'), { code: 1, remark: 'not now' }],
    ['something that is no error', () => 'nonsense' as unknown as Error, { code: 1, remark: 'Error: nonsense' }],
  ])('answers as told where the handler throws %s', async (_what, error, answer) => {
    const { answersTo } = setUp(() => {
      throw error()
    })
    expect(await answersTo(REQUEST)).toMatchObject([answer])
  })

  it('answers a request whose header is wrong with what is wrong', async () => {
    const { answersTo, channel } = setUp(() => SUCCESS)
    expect(await answersTo({ code: GET_MAX_OFFSET.code, extFields: { topic: 'T' } })).toMatchObject([
      { code: 1, remark: 'the header lacks the required field queueId' },
    ])
    expect(channel.state).toBe('open')
  })

  it('answers with an error where the answer cannot be sent, as it is too large', async () => {
    const { answersTo } = setUp(() => ({ ...SUCCESS, remark: 'x'.repeat(17_000_000) }))
    expect(await answersTo(REQUEST)).toMatchObject([{ code: 1, remark: expect.stringContaining('above the limit') }])
  })

  it('has the last handler of a command answer', async () => {
    const { answersTo, handlers } = setUp(() => undefined)
    handlers.on(GET_MAX_OFFSET, () => SUCCESS)
    expect(await answersTo(REQUEST)).toHaveLength(1)
  })

  it('runs the handler of a request that wants no answer', async () => {
    const { answersTo, handlers } = setUp()
    const groups: string[] = []
    handlers.on(NOTIFY_CONSUMER_IDS_CHANGED, ({ header }) => void groups.push(header.consumerGroup))
    await answersTo({
      ...encodeRequest(NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup: 'g' } }),
      flag: FLAG_ONEWAY,
    })
    expect(groups).toEqual(['g'])
  })

  it('gives an answer to a connection that has closed meanwhile to nobody', async () => {
    let answer = (_reply: typeof SUCCESS): void => undefined
    const { answersTo, channel, clock, socket } = setUp(() => new Promise(resolve => (answer = resolve)))
    await answersTo(REQUEST)
    channel.close()
    answer(SUCCESS)
    await clock.advance(0)
    expect(socket.frames).toEqual([])
  })
})
