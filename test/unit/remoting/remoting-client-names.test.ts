import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../lib/commands/callback'
import { encodeRequest } from '../../../lib/commands/command'
import { GET_MAX_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { type Loopback, echoNumbers, numbered, openLoopback } from '../../support/loopback'

const COMMIT = { header: { consumerGroup: 'g', topic: 'T', queueId: 1, commitOffset: 2 } }

describe('RemotingClient', () => {
  let loopback: Loopback
  const open = async (options?: Parameters<typeof openLoopback>[0]): Promise<Loopback> => {
    loopback = await openLoopback(options)
    return loopback
  }
  afterEach(() => loopback.close())

  it('translates the names in what is sent and received, both ways', async () => {
    const names = {
      outgoing: <T>(message: T): T => JSON.parse(JSON.stringify(message).replaceAll('"T"', '"n%T"')) as T,
      incoming: <T>(message: T): T => JSON.parse(JSON.stringify(message).replaceAll('"n%g"', '"g"')) as T,
    }
    const { clock, server, client, address } = await open({ names })
    server.hold(GET_MAX_OFFSET)
    const asked = client.invoke(address, GET_MAX_OFFSET, numbered(1))
    const received = await server.next(GET_MAX_OFFSET)
    expect(received.request.header.topic).toBe('n%T')
    received.reply({ code: 'SUCCESS', header: { offset: 5 } })
    await expect(asked).resolves.toMatchObject({ header: { offset: 5 } })
    const groups: string[] = []
    client.handlers.on(NOTIFY_CONSUMER_IDS_CHANGED, ({ header }) => void groups.push(header.consumerGroup))
    server.channels[0]?.oneway(encodeRequest(NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup: 'n%g' } }))
    await clock.advance(0)
    expect(groups).toEqual(['g'])
    await client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)
    await clock.advance(0)
    expect(server.frames.at(-1)?.extFields).toMatchObject({ topic: 'n%T' })
  })

  it('adds fields that every request is to carry', async () => {
    const requestFields = { nsd: 'true', ns: 'v2' }
    const identity = { version: 477, language: () => 'OTHER', serializeType: 'JSON', requestFields } as const
    const { server, client, address } = await open({ identity })
    echoNumbers(server)
    await client.invoke(address, GET_MAX_OFFSET, numbered(7))
    expect(server.frames[0]?.extFields).toMatchObject({ ...requestFields, queueId: '7' })
  })
})
